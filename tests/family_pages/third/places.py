"""The invented portals whose pages these are."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from family_pages.third.frames import Site, menu_lines

CITY = Site(
    "云岭市人民政府",
    "http://www.yunling.example.gov.cn",
    menu_lines("""
首页 /
走进云岭 /zjyl/ 城市名片 历史人文 行政区划 自然地理 云岭年鉴
新闻中心 /xwzx/ 云岭要闻 部门动态 区县动态 视频新闻 专题报道
政务公开 /zwgk/ 政府信息公开指南 政府信息公开制度 法定主动公开内容 政府信息公开年报 依申请公开 政策文件 政策解读 人事信息 规划计划 统计数据 财政预决算 重大建设项目 公共资源配置 双公示
政务服务 https://zwfw.yunling.example.gov.cn/ 个人办事 法人办事 部门窗口 好差评
互动交流 /hdjl/ 市长信箱 民意征集 在线访谈 网上调查 回应关切
数据发布 /sjfb/ 数据要闻 统计公报 数据解读
"""),
    '<div class="ft-l"><script src="//dcs.conac.example.cn/js/24/356/0000/CA.js"></script><a href="http://bszs.conac.example.cn/sitename?method=show&id=0A"><img src="/red.png"></a><span id="_span_jiucuo"></span></div>'
    '<div class="ft-m"><p><a href="/wzdt/">网站地图</a>|<a href="/gywm/">关于我们</a>|<a href="/lxwm/">联系我们</a>|<a href="/ysbh/">隐私声明</a></p><p>主办单位：云岭市人民政府办公室　承办单位：云岭市大数据中心</p>'
    '<p>网站标识码：6199000001　<a href="https://beian.miit.gov.cn">陕ICP备05000001号-1</a>　陕公网安备61990002000001号</p><p>技术支持电话：029-00000000　建议使用1920*1080分辨率</p><p>Copyright © 2008-2026 All Rights Reserved</p></div>',
    (("SiteName", "云岭市人民政府"), ("SiteDomain", "www.yunling.example.gov.cn"), ("SiteIDCode", "6199000001")),
    "6199000001",
    "陕ICP备05000001号-1",
    "云岭市人民政府办公室",
)
COUNTY = Site(
    "望川县人民政府",
    "http://www.wangchuan.example.gov.cn",
    menu_lines("""
网站首页 /
望川概况 /wcgk/ 县情简介 乡镇街道 旅游资源
政务资讯 /zwzx/ 望川要闻 乡镇动态 通知公告
信息公开 /xxgk/ 公开指南 公开制度 主动公开 公开年报
办事服务 /bsfw/
政民互动 /zmhd/ 县长信箱 在线咨询
专题专栏 /ztzl/
"""),
    '<p>主办：望川县人民政府　承办：望川县数据资源管理局</p><p>地址：望川县城关镇人民路1号　邮编：231500　电话：0555-0000001</p><p>皖ICP备07000022号　网站标识码：3499230001　<img src="/ga.png">皖公网安备 34992302000022号</p><p>网站已支持IPv6　累计访问量：<b>20260311</b></p>',
    (),
    "3499230001",
    "皖ICP备07000022号",
    "望川县人民政府",
)
TOWN = Site(
    "白鹭镇人民政府",
    "http://www.bailuzhen.example.gov.cn",
    menu_lines("""
首页 index.asp
镇情概况 gk.asp 白鹭简介 行政村
镇务公开 gkxx.asp 财政信息 村务公开
新闻动态 xw.asp 镇村要闻 通知公告
招商引资 zs.asp
便民服务 bm.asp
"""),
    "主办单位：望川县白鹭镇人民政府　地址：白鹭镇白鹭街8号　邮编：231511<br>电话：0555-0000088　E-mail：bailu@example.gov.cn<br>备案号：皖ICP备07000033号-2",
    (),
    None,
    "皖ICP备07000033号-2",
    "望川县白鹭镇人民政府",
)
BUREAU = Site(
    "云岭市财政局",
    "http://czj.yunling.example.gov.cn",
    menu_lines("""
首页 /
机构职能 /jgzn/ 主要职责 内设机构 领导分工
财政要闻 /czyw/ 工作动态 区县财政 图片新闻
通知公告 /tzgg/
政策法规 /zcfg/ 财税政策 会计管理 政府采购
信息公开 /xxgk/ 公开指南 公开年报 部门预算 部门决算 三公经费 行政处罚 行政许可
财政数据 /czsj/ 收支月报 地方债务
公众参与 /gzcy/ 局长信箱 意见征集
"""),
    '<div><a href="/lxwm/">联系我们</a> <a href="/wzdt/">网站地图</a></div><div>版权所有：云岭市财政局 未经授权禁止转载</div><div>政府网站标识码 6199000017　备案编号：陕ICP备05000017号</div><div>最近更新：2026-11-20 09:00:00</div>',
    (("SiteName", "云岭市财政局"), ("SiteIDCode", "6199000017")),
    "6199000017",
    "陕ICP备05000017号",
    "云岭市财政局",
)
ENGLISH = Site(
    "The People's Government of Yunling",
    "http://en.yunling.example.gov.cn",
    menu_lines("""
HOME /
News /news/
Government /government/ Leaders Departments
Business /business/ Investment Policies
Services /services/
Culture /culture/
"""),
    "<p>Sponsored by the General Office of Yunling Municipal People's Government</p><p>Copyright © 2010-2026 Yunling. All rights reserved. 陕ICP备05000001号-3</p>",
)
