"""How to verify a pack, in words for whoever receives it. Pure."""

from __future__ import annotations

from gkmonitor.evidence.dossier import Dossier

_FILES = """证据包核验说明
==============

本证据包可以离线核验，不需要联网，也不需要本程序。

一、文件是否完整
  在解压后的文件夹里运行：

      sha256sum -c MANIFEST.sha256

  Windows 可用 certutil -hashfile 文件名 SHA256 逐个核对。每行显示“OK”（或“成功”），说明文件与打包时一致。

二、各文件的内容
  index.html        可直接用浏览器打开的说明：规则原文、历次观测、列表、经过、证据清单
  case.json         问题本身          events.json     台账事件及其摘要
  observations/     每次观测读到的列表和作出的判断
  pages/            网页的阅读副本（已去掉脚本，号码已遮盖），不能用来核对原始摘要
  screenshots/      截图，网址和时间印在图外的标题栏上
  day_roots.json    当日根值和证明      stamps/         时间戳（如有）
"""
_WARC = """  warc/             原始内容（WARC 1.1，gzip）。可用 warcio、pywb、ReplayWeb.page 打开

三、原始内容
  warc/ 里的 resource 记录是采集程序读到的网页内容，已去掉传输和压缩编码，不是线路上的原始字节；状态码、响应头、
  服务器地址和证书在其后的 metadata 记录里。取出一条记录并核对摘要（index.html 列有每个网页的 SHA-256）：

      warcio extract --payload warc/文件名.warc.gz 偏移量 | sha256sum
      warcio check warc/文件名.warc.gz

  warcio 可用 pip install warcio 安装。偏移量用 warcio index 查看。
"""
_MASKED = """
三、遮盖
  身份证号码、手机号码、银行卡号已在本包的全部文字中遮盖，网页原始内容（WARC）和附件没有放入；含这类号码的网页，
  截图也没有放入。遮盖过的事件在 events.json 中标有 "is_masked": true，其摘要是对未遮盖的内容计算的，不能用遮盖
  后的文字复算。需要核对原始内容的，请向出具单位申请未遮盖的证据包。
"""
_UNMASKED = """
  注意：本包未作遮盖，可能含有个人信息，请按规定保管，不得公开。出具未遮盖的证据包已记入台账。
"""
_ROOTS = """
四、当日根值
  每天的证据和台账末尾的摘要汇成一个根值；根值一经生成不再改变，可以另外公布或加盖时间戳。核验一件证据在根值之下：

  1. 叶子：day_roots.json 中 leaf 的内容按键名排序、不留空格写成一行 JSON，前面加“leaf ”（含一个空格），计算 SHA-256：

      printf '%s' 'leaf {"offset":…,"path":"…","sha256":"…"}' | sha256sum

     结果应等于 leaf_digest。其中 sha256 是网页内容（或截图、附件）本身的摘要。
  2. 逐级向上：steps 的每一步，side 为 left 时相邻摘要写在左边，为 right 时写在右边：

      printf 'node %s %s' 左摘要 右摘要 | sha256sum

     最后一步的结果应等于 root。
"""
_NO_ROOTS = """
四、当日根值
  这些证据入库当天的根值尚未生成（一天结束后生成），请稍后重新导出。
"""
_STAMPS = """
五、时间戳（RFC 3161）
      openssl ts -verify -digest 根值 -in stamps/日期.tsr -CAfile 时间戳机构的根证书.pem
"""
_CHAIN = """
六、台账事件
  每个事件的摘要是对下列内容计算的 SHA-256：按键名排序、不留空格、不转义中文的一行 JSON，键为 id、case_id、
  at（UTC，微秒）、actor、kind（events.json 中的 event）、before、after、reason、details、previous（前一事件的摘要）。
  整条链须在出具单位用 gkmonitor ledger verify 核验；其末尾的摘要由当日根值固定。
"""


def how_to_verify(dossier: Dossier, *, is_unmasked: bool) -> str:
    """The text file of a pack, for what this pack holds."""
    parts = [_FILES, _WARC + _UNMASKED if is_unmasked else _MASKED, _ROOTS if dossier.roots else _NO_ROOTS]
    if any(root.stamp is not None for root in dossier.roots.values()):
        parts.append(_STAMPS)
    return "".join((*parts, _CHAIN))
