from __future__ import annotations

import pytest

from gkmonitor.concepts import (
    concepts_stated,
    match_name,
)
from gkmonitor.records import Match

# name | concept | exact, alternative or unsure
NAMES = """
预决算公开|budget|exact
财政预决算|budget|exact
财政预决算公开|budget|exact
财政预决算公开平台|budget|exact
财政预决算公开专栏|budget|exact
财政预决算领域|budget|exact
政府预决算公开|budget|exact
部门预决算|budget|exact
各部门财政预决算公开|budget|exact
青禾县财政预决算公开|budget|exact
云岭市云台区预决算公开|budget|exact
县级财政预决算|budget|exact
本级政府财政预决算|budget|exact
区级政府财政预决算|budget|exact
预算/决算|budget|exact
预算、决算公开|budget|exact
财政预算决算|budget|exact
预决算信息公开专栏|budget|exact
财务预决算|budget|alternative
青禾县财政局预决算公开|budget|alternative
乡镇预决算|budget|alternative
城关镇财政预决算|budget|alternative
财政预决算及“三公”经费|budget|exact
财政预决算与“三公”经费公开|budget|exact
财政预算公开|budget|exact
部门预算|budget|exact
单位预算|budget|alternative
预算|budget|unsure
财政决算公开|final-accounts|exact
部门决算|final-accounts|exact
决算信息公开|final-accounts|exact
决算|final-accounts|unsure
“三公”经费|three-public-expenses|exact
三公经费公开|three-public-expenses|exact
三公经费情况说明|three-public-expenses|alternative
财政信息|fiscal|alternative
财政公开|fiscal|alternative
财政资金|fiscal-funds|exact
财政专项资金|fiscal-funds|exact
双公示|double-publicity|exact
“双公示”专栏|double-publicity|exact
信用信息双公示|double-publicity|exact
7天双公示|double-publicity|exact
七天“双公示”|double-publicity|exact
双公示（处罚）|double-publicity|alternative
行政许可和行政处罚信息双公示|double-publicity|alternative
行政许可、行政处罚“双公示”|double-publicity|alternative
行政许可和行政处罚等信用信息公示|double-publicity|alternative
行政许可和行政处罚|double-publicity|exact
行政许可和行政处罚信息公示|double-publicity|exact
行政许可/处罚|double-publicity|exact
行政许可公示|permits|exact
行政许可|permits|alternative
行政处罚公示|penalties|exact
行政处罚信息公示|penalties|exact
行政处罚案件信息公开专栏|penalties|exact
行政处罚|penalties|alternative
行政处罚、行政强制结果|penalties|alternative
政府信息公开|disclosure-platform|exact
信息公开|disclosure-platform|exact
政务公开|disclosure-platform|exact
政府信息公开平台|disclosure-platform|exact
政务信息公开专栏|disclosure-platform|exact
政府信息公开指南|guide|exact
公开指南|guide|exact
指南|guide|unsure
政府信息公开制度|disclosure-rules|exact
公开制度|disclosure-rules|exact
政府信息公开目录|catalogue|exact
主动公开基本目录|catalogue|exact
云岭市政府信息公开目录|catalogue|exact
法定主动公开内容|statutory-content|exact
政府信息公开年报|annual-report|exact
信息公开年报|annual-report|exact
公开年报|annual-report|exact
政府信息公开工作年度报告|annual-report|exact
年度报告|annual-report|unsure
依申请公开|on-request|exact
依法申请公开|on-request|exact
政府网站工作年度报表|site-annual-report|exact
网站年度报表|site-annual-report|alternative
机构职能|organisation|exact
机关职能|organisation|exact
内设机构|organisation|exact
单位概况|organisation|alternative
下属单位|organisation|alternative
领导分工|leaders|exact
领导信息|leaders|exact
领导班子|leaders|alternative
市长之窗|leaders|alternative
规划计划|plans|exact
规划、计划|plans|exact
国民经济和社会发展规划|plans|exact
年度计划总结|plans|exact
政府工作报告|plans|alternative
统计信息|statistics|exact
统计公报|statistics|exact
统计分析|statistics|alternative
政策文件|policy-documents|exact
政策法规|policy-documents|exact
规章、规范性文件|policy-documents|exact
行政规范性文件|policy-documents|exact
法律法规|policy-documents|alternative
规章制度|policy-documents|unsure
政策解读|policy-interpretation|exact
上级文件解读|policy-interpretation|alternative
图解|policy-interpretation|alternative
政策文件及解读|policy-documents|exact
通知公告|notices|exact
公告公示|notices|exact
公示公告|notices|exact
公示|notices|unsure
公告|notices|alternative
通知公告（12）|notices|exact
通知公告更多>>|notices|exact
更多|-|-
工作动态|news|exact
部门动态|news|exact
动态要闻|news|exact
区县动态|news|exact
新闻中心|news|exact
要闻|news|alternative
青禾要闻|news|alternative
青禾动态|news|unsure
教育局动态|news|unsure
行业动态|news|unsure
资讯|news|unsure
重点领域信息公开|key-areas|exact
重点领域|key-areas|exact
重点领域信息公开专题专栏|key-areas|exact
基层政务公开|grassroots-disclosure|exact
基层“两化”专题|grassroots-disclosure|alternative
基层政务公开标准化规范化|grassroots-disclosure|exact
公共资源交易|public-resource-trading|exact
公共资源配置|public-resource-trading|exact
政府采购|public-resource-trading|alternative
招标采购|public-resource-trading|alternative
重大建设项目|major-projects|exact
重大项目批准和实施|major-projects|exact
政府投资项目|major-projects|alternative
PPP项目|ppp|exact
政府和社会资本合作(PPP)项目信息公开|ppp|alternative
保障性住房|affordable-housing|exact
保障性安居工程|affordable-housing|exact
棚户区改造|affordable-housing|alternative
农村危房改造|rural-housing-renovation|exact
食品药品安全|food-drug-safety|exact
食品药品监管|food-drug-safety|exact
环境保护|environment|exact
生态环境|environment|exact
空气质量|environment|alternative
安全生产|work-safety|exact
事故调查报告|work-safety|alternative
应急管理|emergency-response|exact
应急预案|emergency-response|alternative
价格和收费|pricing-fees|exact
行政事业性收费|pricing-fees|exact
减税降费|tax-fee-reduction|exact
征地拆迁|land-expropriation|exact
国有土地上房屋征收|land-expropriation|exact
征地信息公开专题专栏|land-expropriation|exact
教育|education|exact
义务教育|education|exact
招生计划|education|unsure
医疗卫生|health|exact
医疗保障|health|alternative
公共企事业单位|public-utilities|exact
扶贫|poverty-relief|exact
乡村振兴|poverty-relief|exact
社会救助|social-assistance|exact
养老服务|social-assistance|alternative
就业创业|employment|exact
就业领域|employment|exact
社会保险|social-insurance|exact
涉农补贴|agriculture|alternative
农产品价格监测|agri-prices|exact
社会组织|social-organizations|exact
国资国企|soe|exact
国有企业运营监管|soe|exact
权责清单|administrative-powers|exact
权力清单和责任清单|administrative-powers|alternative
双随机、一公开|law-enforcement|exact
行政执法公示|law-enforcement|exact
人事任免|personnel|exact
公务员招考|personnel|exact
审计公开|audit|exact
审计监督|audit|exact
会议公开|decision-disclosure|alternative
重大行政决策|decision-disclosure|exact
建议提案办理|proposals-replies|exact
县长信箱|consultation|exact
云岭市市长信箱|consultation|exact
公众留言|consultation|exact
建言献策|consultation|exact
意见征集|survey|exact
网上调查|survey|exact
在线访谈|interview|exact
回应关切|public-response|exact
政民互动|public-participation|exact
网站监管|site-operation|exact
季度检查通报|site-operation|exact
新闻发布会|press-conference|exact
政府公报|government-gazette|exact
云岭市人民政府公报|government-gazette|exact
政务新媒体|new-media|exact
数据开放|data-opening|exact
信用信息公示|credit-information|alternative
旅游市场监管|tourism|exact
产品质量监管|product-quality|exact
知识产权|intellectual-property|exact
科技创新|science-technology|exact
产业政策|industry-policy|exact
金融监管|finance-risk|exact
督查问责|supervision-accountability|exact
政务公开工作要点|work-plan-publication|exact
办事指南|services|exact
政务服务|services|exact
便民服务|services|alternative
房地产市场|real-estate-market|exact
执行和结果公开|implementation-results|exact
"""

# name | path, outermost first | concept | strength ("-" where nothing may match)
IN_CONTEXT = """
年度报告|政府信息公开|annual-report|alternative
年报|政务公开>法定主动公开内容|annual-report|alternative
年度报告|网站监管|site-annual-report|alternative
年报|旅游市场|tourism|alternative
指南|政府信息公开|guide|alternative
指南|办事服务|services|alternative
制度|信息公开|disclosure-rules|alternative
制度||-|-
目录|政府信息公开|catalogue|alternative
目录||-|-
决算|政府信息公开>财政预决算|final-accounts|alternative
预算|重点领域信息公开|budget|alternative
公示|双公示|double-publicity|alternative
公示|人事信息|personnel|alternative
许可|双公示|permits|alternative
处罚|双公示|penalties|alternative
行政许可|办事服务|services|alternative
行政许可|双公示|permits|alternative
机构职能|国有企业|soe|alternative
机构职能|政府信息公开|organisation|exact
人事任免|重点领域信息公开|personnel|exact
人事任免|重点领域信息公开>国资国企|soe|alternative
招生计划|重点领域信息公开>教育|education|alternative
执法检查|食品药品安全|food-drug-safety|alternative
执法检查||law-enforcement|alternative
其他|政府信息公开>财政预决算|-|-
2023年度部门预算|政府信息公开>财政预决算|budget|unsure
2023年度部门预算||-|-
"""

FALSE_FRIENDS = """
财政局
县财政局
财政局首页
财政局首頁
政务公开首页
首页
青禾县人民政府首页
财政收支月报
青禾县教育局2021年部门预算公开
2021年度部门决算公开
关于预决算公开工作的通知
青禾县人民政府关于印发预决算公开办法的通知
第三批部门预算公开名单
省政府要闻
国务院要闻
国务院信息
省内要闻
国际新闻
12345
12345热线
青禾县12345政务服务便民热线
信访举报
网上信访
县长公开电话
社区服务
城市概况
市教育局
青禾县应急管理局
发展规划科
中华人民共和国政府信息公开条例
一图读懂：预决算公开是什么？
《青禾县财政预决算公开管理规定》解读
其他
专题专栏
友情链接
网站地图
联系我们
"""

TRADITIONAL = """
預決算公開|budget
財政預決算|budget
財政預決算公開專欄|budget
青禾縣財政預決算公開|budget
雙公示|double-publicity
行政許可和行政處罰|double-publicity
行政處罰公示|penalties
重點領域信息公開|key-areas
重點領域資訊公開|key-areas
政府資訊公開|disclosure-platform
政府資訊公開指南|guide
政務公開|disclosure-platform
通知公告|notices
機構職能|organisation
領導分工|leaders
規劃計劃|plans
統計資訊公開|statistics
徵地拆遷|land-expropriation
縣長信箱|consultation
意見徵集|survey
網上調查|survey
線上訪談|interview
權責清單|administrative-powers
財政決算|final-accounts
「三公」經費|three-public-expenses
房屋徵收|land-expropriation
信件答覆|consultation
"""


def rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip().splitlines()]


def answer(name: str, path: tuple[str, ...] = ()) -> tuple[str, str]:
    found = match_name(name, path)
    return (found.concept, found.match.value) if found else ("-", "-")


@pytest.mark.parametrize(("name", "concept", "strength"), rows(NAMES))
def test_a_name_alone_states_its_concept(name: str, concept: str, strength: str) -> None:
    assert answer(name) == (concept, strength)


@pytest.mark.parametrize(("name", "path", "concept", "strength"), rows(IN_CONTEXT))
def test_a_generic_word_is_settled_by_the_columns_above_it(name: str, path: str, concept: str, strength: str) -> None:
    assert answer(name, tuple(path.split(">")) if path else ()) == (concept, strength)


@pytest.mark.parametrize("name", FALSE_FRIENDS.split("\n")[1:-1])
def test_a_false_friend_matches_nothing(name: str) -> None:
    assert match_name(name) is None


@pytest.mark.parametrize("name", ["公示公告", "项目公示", "人事公示", "公示", "任前公示", "减刑假释公示", "信用公示"])
def test_other_announcements_are_never_double_publicity(name: str) -> None:
    assert not {"double-publicity", "permits", "penalties"} & set(concepts_stated(name))


@pytest.mark.parametrize(("name", "concept"), rows(TRADITIONAL))
def test_traditional_characters_match_like_simplified_ones(name: str, concept: str) -> None:
    found = match_name(name)
    assert found is not None
    assert found.concept == concept
    assert found.match is not Match.UNSURE
