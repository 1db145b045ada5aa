"""What stands before or instead of a portal: challenges, errors, moved domains, frames, application shells."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Sample, Want, entries, listed
from family_pages.layout import div_page, menu_of

SITE = "http://www.luming.example.gov.cn"
MENU = menu_of("首页=/ 走进鹿鸣=/zjlm/ 政务公开=/zwgk/ 办事服务=/bsfw/ 互动交流=/hdjl/")
FOOT = "<p>主办：鹿鸣县人民政府办公室　网站标识码：6299010002　甘ICP备05000111号</p>"
_JSL = "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+('l')+('e')+(-~[]+'')+'|0|x'+';max-age=3600;path=/';location.href=location.pathname+location.search</script>"
_RUISHU = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="9DhefwqGPrzGxEp9hPaoag" content="qqqqT5WlF2y4x" r="m"><!--[if lt IE 9]><script r=\'m\'>document.createElement("section")</script><![endif]-->'
    "<script type=\"text/javascript\" r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=48611;$_ts.cd=\"qEqtrrAloaWbcrkncqqDcAaMqfr\";if($_ts.lcd)$_ts.lcd();</script>"
    '<script type="text/javascript" charset="iso-8859-1" src="/x7c9f3/k2m.f5a9b8c.js" r=\'m\'></script></head><body></body></html>'
)
_DENIED = "<html><head><title>405</title></head><body><h1>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</h1><p>您的请求ID是: 0a1b2c3d</p></body></html>"


def challenges() -> list[Sample]:
    blocked = Want(("blocked",))
    return [
        Sample("walls", "jsl", f"{SITE}/zwgk/", _JSL.encode(), blocked, {"Set-Cookie": "__jsluid_s=1f; path=/"}),
        Sample("walls", "ruishu", f"{SITE}/", _RUISHU.encode(), blocked),
        Sample("walls", "denied", f"{SITE}/tzgg/", _DENIED.encode(), Want(("blocked", "error"))),
    ]


def saved_behind_challenge() -> Sample:
    """Saved from a browser: the challenge's tags stand above a page that was served."""
    found = entries(15, date(2026, 10, 14), seed=210, place="鹿鸣县")
    rows = "".join(
        f'<li><a href="./{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html">{e.title}</a><span>({e.iso})</span></li>'
        for e in found
    )
    text = div_page(
        "公告-鹿鸣县人民政府", MENU, (("首页", "/"), ("公告", "")), f'<div class="list"><ul>{rows}</ul></div>', FOOT
    )
    marks = _RUISHU[_RUISHU.index("<meta id") : _RUISHU.index("</head>")]
    return Sample(
        "walls", "saved", f"{SITE}/gg/index.html", text.replace("<head>", f"<head>{marks}", 1).encode(), listed(found)
    )


def errors() -> list[Sample]:
    error = Want(("error",))
    chrome = div_page(
        "页面不存在-鹿鸣县人民政府",
        MENU,
        (),
        '<div class="err"><h2>404</h2><p>很抱歉，您访问的页面不存在或已删除！</p><a href="/">返回首页</a></div>',
        FOOT,
    )
    tomcat = "<html><head><title>Apache Tomcat/7.0.61 - Error report</title></head><body><h1>HTTP Status 404 - /zwgk/x.jsp</h1><hr><p>type Status report</p><p>description The requested resource is not available.</p></body></html>"
    help_text = (
        "<html><head><title>502 Bad Gateway</title></head><body><h1>源站暂时无法访问</h1>"
        + "<p>尊敬的访客，您访问的网站源站返回了错误的响应，请稍后再试。</p>" * 60
        + "</body></html>"
    )
    iis = "<html><head><title>无法找到该页</title></head><body>您正在搜索的页面可能已经删除、更名或暂时不可用。<br>HTTP 错误 404 - 文件或目录未找到。</body></html>"
    return [
        Sample("walls", "404-in-frame", f"{SITE}/zwgk/none.html", chrome.encode(), error),
        Sample("walls", "404-tomcat", f"{SITE}/zwgk/x.jsp", tomcat.encode(), error),
        Sample("walls", "502-help", f"{SITE}/", help_text.encode(), error),
        Sample("walls", "404-iis", "http://lm.example.gov.cn/a.asp", iis.encode("gbk"), error),
    ]


def moved() -> list[Sample]:
    timed = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>网站域名变更公告</title></head><body><div class='box'><h2>网站域名变更公告</h2><p>鹿鸣县粮食局网站域名已变更为 lsj.luming.example.gov.cn，"
        "页面将在 <b id='s'>5</b> 秒后自动跳转。</p></div><script>setTimeout(function(){window.location.href='http://lsj.luming.example.gov.cn'},5000)</script></body></html>"
    )
    frameset = (
        "<html><head><title>鹿鸣县档案馆</title></head><frameset rows='80,*' border=0><frame src='top.asp' name='top'><frameset cols='180,*'><frame src='left.asp'><frame src='main.asp' name='main'></frameset>"
        "<noframes><body>您的浏览器不支持框架</body></noframes></frameset></html>"
    )
    blank_title = (
        "<html><head><meta charset='utf-8'><title>鹿鸣县人民政府办公室网站迁移公告</title></head><body></body></html>"
    )
    angular = (
        "<!doctype html><html lang='zh' ng-app='app'><head><meta charset='utf-8'><title>{{title}}</title><base href='/'></head><body><div ng-controller='ListCtrl'><ul><li ng-repeat='x in list'>"
        "<a ng-href='{{x.url}}'>{{x.title}}</a><span>{{x.date}}</span></li></ul></div><script src='/js/angular.min.js'></script></body></html>"
    )
    vue = "<!DOCTYPE html><html><head><meta charset=utf-8><title>鹿鸣县政务服务网</title><link href=/static/css/app.css rel=stylesheet></head><body><div id=app></div><script src=/static/js/manifest.js></script><script src=/static/js/app.js></script></body></html>"
    return [
        Sample(
            "walls",
            "moved-timed",
            "http://lyj.luming.example.gov.cn/",
            timed.encode(),
            Want(("shell", "error", "other", "article"), redirect="http://lsj.luming.example.gov.cn"),
        ),
        Sample("walls", "frameset", "http://daj.luming.example.gov.cn/", frameset.encode("gbk"), Want(("shell",))),
        Sample(
            "walls",
            "blank-title",
            "http://old.luming.example.gov.cn/",
            blank_title.encode(),
            Want(("error", "shell", "other")),
        ),
        Sample(
            "walls", "angular", f"{SITE}/cn/view/pages/ItemList.html?itemPId=925", angular.encode(), Want(("shell",))
        ),
        Sample("walls", "vue", "http://zwfw.luming.example.gov.cn/", vue.encode(), Want(("shell",))),
    ]


def tree_catalogue() -> Sample:
    """zTree: the catalogue's nodes are JSON in a script, the documents in an iframe."""
    nodes = ",".join(
        f'{{id:{n},pId:0,name:"{name}",url:"/xxgk/list?cid={n}",target:"right"}}'
        for n, name in enumerate(
            ("机构信息", "政策文件", "规划计划", "统计信息", "财政资金", "重大项目", "应急管理"), 1
        )
    )
    main = (
        '<div class="left"><ul id="tree" class="ztree"></ul></div><iframe name="right" src="/xxgk/list?cid=2" width="760" height="800"></iframe>'
        f"<script>var zNodes=[{nodes}];$(function(){{$.fn.zTree.init($('#tree'),{{data:{{simpleData:{{enable:true}}}}}},zNodes);}});</script>"
    )
    body = div_page(
        "政府信息公开目录-鹿鸣县人民政府", MENU, (("首页", "/"), ("政府信息公开目录", "")), main, FOOT
    ).encode()
    return Sample("walls", "ztree", f"{SITE}/xxgk/index.jsp", body, Want(("catalogue", "shell", "section", "other")))


def samples() -> list[Sample]:
    return [*challenges(), saved_behind_challenge(), *errors(), *moved(), tree_catalogue()]
