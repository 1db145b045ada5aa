"""Registry files: what is read, what is refused, and where the reader of a message is sent to mend it."""

from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path

import pytest
from registry_files import FINANCE, HEADS, QINGHE, csv_file, xlsx_file, zipped

from gkmonitor.errors import RegistryError
from gkmonitor.registry import sheets
from gkmonitor.registry.addresses import address_key
from gkmonitor.registry.reading import RegistryRow, read_registry
from gkmonitor.registry.records import Channel

CHINESE_HEADS = "网站标识码,网站名称,网站地址,主办单位,主管单位,层级,类型,地区"
VALUES = {
    "site_id_code": "5300000001",
    "name": "青禾县人民政府",
    "url": "http://www.qinghe.example/",
    "organizer": "青禾县人民政府办公室",
    "level": "county",
    "profile": "county-portal",
    "region": "云岭市",
}


def only_row(path: Path) -> RegistryRow:
    (row,) = read_registry(path).rows
    return row


def row_of(folder: Path, head: str, line: str) -> RegistryRow:
    return only_row(csv_file(folder, f"name,url,{head}", f"青禾县人民政府,http://www.qinghe.example/,{line}"))


def told(row: RegistryRow) -> tuple[int | None, str | None, str]:
    (problem,) = row.problems
    return problem.line, problem.column, problem.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("heads", [HEADS, CHINESE_HEADS])
def test_a_csv_file_reads_alike_in_every_encoding_and_with_either_heads(
    tmp_path: Path, encoding: str, heads: str
) -> None:
    row = only_row(csv_file(tmp_path, heads, QINGHE, encoding=encoding))
    assert (row.line, row.values, row.unit, row.problems) == (2, VALUES, ("云岭市人民政府",), [])


def test_a_file_that_is_not_utf8_says_how_it_was_read(tmp_path: Path) -> None:
    found = read_registry(csv_file(tmp_path, HEADS, QINGHE, encoding="gb18030"))
    assert found.encoding == "GB18030"
    assert [(p.is_error, "GB18030" in p.message) for p in found.problems] == [(False, True)]
    assert read_registry(csv_file(tmp_path, HEADS, QINGHE)).problems == []


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_other_separators_of_spreadsheets_are_understood(tmp_path: Path, mark: str) -> None:
    path = csv_file(tmp_path, HEADS.replace(",", mark), QINGHE.replace(",", mark))
    assert only_row(path).values == VALUES


def test_a_workbook_reads_like_the_csv_file(tmp_path: Path) -> None:
    rows = [CHINESE_HEADS.split(","), [5300000001.0, *QINGHE.split(",")[1:]]]
    row = only_row(xlsx_file(tmp_path, rows))
    assert (row.line, row.values, row.unit) == (2, VALUES, ("云岭市人民政府",))


def test_titles_above_the_heads_and_blank_rows_are_passed_over_and_lines_still_counted(tmp_path: Path) -> None:
    rows = [["云岭市政府网站登记表"], [], CHINESE_HEADS.split(","), [], QINGHE.split(","), [None, " "]]
    assert only_row(xlsx_file(tmp_path, rows)).line == 5
    assert only_row(csv_file(tmp_path, "云岭市政府网站登记表", "", HEADS, "", QINGHE, ",,,,,,,")).line == 5


def test_a_line_is_counted_where_it_begins_though_a_cell_has_several(tmp_path: Path) -> None:
    found = read_registry(csv_file(tmp_path, "name,url,备注", '甲,http://a.example/,"一\n二"', "乙,http://b.example/,"))
    assert [row.line for row in found.rows] == [2, 4]
    assert found.rows[0].notes == {"备注": "一 二"}


def test_the_sheet_with_the_heads_is_chosen_and_named(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["填写说明"])  # type: ignore[union-attr]
    sheet = book.create_sheet("名单")
    sheet.append(HEADS.split(","))
    sheet.append(QINGHE.split(","))
    book.save(tmp_path / "two.xlsx")
    found = read_registry(tmp_path / "two.xlsx")
    assert found.rows[0].values == VALUES
    assert "名单" in found.problems[0].message


def test_days_and_whole_numbers_of_a_workbook_are_text_as_people_see_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [["name", "url", "开通", "更新", "序号"]]
    rows.append(["甲", "http://a.example/", date(2020, 1, 2), datetime(2026, 1, 2, 3, 4), 7])  # noqa: DTZ001
    assert only_row(xlsx_file(tmp_path, rows)).notes == {
        "开通": "2020-01-02",
        "更新": "2026-01-02T03:04:00",
        "序号": "7",
    }


# ---------------------------------------------------------------- files that are refused


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "空文件"),
        (b"\xef\xbb\xbf\r\n", "空文件"),
        (b"PK\x03\x04broken", "已损坏"),
        (zipped({"a.txt": b"text"}), "不是 XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧的 .xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"name,url\n\x81\xff\xff\xff\n", "第 2 行的编码不明"),
        (b"\xff\xfea", "UTF-16"),
        (b"name\0,url\n", "不是文本"),
        (b'name,url\n"a,http://a.example/\n', "引号"),
        (HEADS.encode(), "只有表头"),
        ("网站名称,网站地扯\n甲,http://a.example/".encode(), "“网站地扯”是否就是这一列"),
        (b"nmae,url\n", "“nmae”是否就是这一列"),
        (b"url,unit\nhttp://a.example/,b", "缺少“网站名称”"),
        ("甲,乙,丙\n1,2,3".encode(), "不是表头"),
        (b"name,url,name\n", "两列都是“name”"),
        ("name,url,网站名称\n".encode(), "两列都是"),
        (zipped({"xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x/>"}), "不应有的内容"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "已损坏"),
    ],
)
def test_what_is_no_registry_file_is_refused_with_what_to_do(tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "sites.csv"
    path.write_bytes(body)
    with pytest.raises(RegistryError, match=words):
        read_registry(path)


def test_a_small_file_that_unfolds_to_gigabytes_is_refused_unopened(tmp_path: Path) -> None:
    body = bytearray(zipped({"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": b" " * 5_000_000}))
    place = body.rindex(b"PK\x01\x02")  # what the directory says of the size is what a bomb would say
    body[place + 24 : place + 28] = struct.pack("<I", 2_000_000_000)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bytes(body))
    with pytest.raises(RegistryError, match="展开后过大"):
        read_registry(path)


def test_a_part_that_lies_about_its_size_is_broken_not_unfolded(tmp_path: Path) -> None:
    body = bytearray(zipped({"xl/workbook.xml": b"<x/>" + b" " * 100_000}))
    place = body.rindex(b"PK\x01\x02")
    body[place + 24 : place + 28] = struct.pack("<I", 10)
    path = tmp_path / "liar.xlsx"
    path.write_bytes(bytes(body))
    with pytest.raises(RegistryError, match="已损坏"):
        read_registry(path)


def test_too_many_bytes_rows_columns_or_characters_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 20)
    rows = [f"甲{i},http://a{i}.example/" for i in range(40)]
    with pytest.raises(RegistryError, match="超过 20 行"):
        read_registry(csv_file(tmp_path, "name,url", *rows))
    with pytest.raises(RegistryError, match="列"):
        read_registry(csv_file(tmp_path, ",".join(f"h{i}" for i in range(sheets.MAX_COLUMNS + 1))))
    with pytest.raises(RegistryError, match="个字"):
        read_registry(csv_file(tmp_path, "name,url", "甲" * (sheets.MAX_CELL_CHARACTERS + 1)))
    monkeypatch.setattr(sheets, "MAX_FILE_BYTES", 100)
    with pytest.raises(RegistryError, match="超过"):
        read_registry(csv_file(tmp_path, "name,url", *rows))


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="找不到"):
        read_registry(tmp_path / "none.csv")
    with pytest.raises(RegistryError, match="文件夹"):
        read_registry(tmp_path)
    with pytest.raises(RegistryError, match="临时文件"):
        read_registry(tmp_path / "~$sites.xlsx")


# ---------------------------------------------------------------- rows that are refused


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (QINGHE.replace("http://www.qinghe.example/", "青禾县政府"), "url", "不是网址"),
        (QINGHE.replace("http://www.qinghe.example/", ""), "url", "网址为空"),
        (QINGHE.replace("http://www.qinghe.example/", "http://a b.example/"), "url", "空格"),
        (QINGHE.replace("http://www.qinghe.example/", "http://u:p@a.example/"), "url", "用户名"),
        (QINGHE.replace("http://www.qinghe.example/", "http://a.example/" + "x" * 900), "url", "太长"),
        (QINGHE.replace("青禾县人民政府,", ",", 1), "name", "网站名称为空"),
        (QINGHE.replace("青禾县人民政府,", "青" * 301 + ",", 1), "name", "最多 300 个字"),
        (QINGHE.replace("5300000001", "530000001"), "site_id_code", "10 位数字"),
        (QINGHE.replace("5300000001", "5.3E+09"), "site_id_code", "科学计数法"),
        (QINGHE.replace("5300000001", "bm12345"), "site_id_code", "bm 加 8 位"),
        (QINGHE.replace("县级,", "区县及,"), "level", "是不是“区县”"),
        (QINGHE.replace("县级门户", "部门网战"), "profile", "是不是“部门网站”"),
        (QINGHE.replace("县级,县级门户", ",门户网站"), "profile", "层级"),
        (QINGHE.replace("云岭市人民政府", "云岭市//局"), "unit", "空的一级"),
        (QINGHE.replace("云岭市人民政府", "甲/乙/甲"), "unit", "成环"),
        (QINGHE + ",多出来的", None, "第 9 列没有表头"),
    ],
)
def test_a_wrong_cell_is_told_by_line_and_column_with_how_to_mend_it(
    tmp_path: Path, line: str, column: str | None, words: str
) -> None:
    right, wrong = read_registry(csv_file(tmp_path, HEADS, FINANCE, line)).rows
    assert right.problems == []
    assert wrong.is_wrong
    assert told(wrong)[:2] == (3, column)
    assert words in told(wrong)[2]


def test_every_wrong_cell_of_a_row_is_told_at_once(tmp_path: Path) -> None:
    row = only_row(csv_file(tmp_path, HEADS, "12,,nowhere,,,某级,某类,"))
    assert [problem.column for problem in row.problems] == ["site_id_code", "name", "url", "level", "profile"]


def test_a_formula_is_refused_where_it_stands(tmp_path: Path) -> None:
    rows = [["name", "url", "备注"], ["甲", '=HYPERLINK("http://a.example/")', "=1+1"]]
    row = only_row(xlsx_file(tmp_path, rows))
    assert {(problem.column, "公式" in problem.message) for problem in row.problems} == {("url", True), ("备注", True)}


def test_a_code_of_no_province_is_a_warning_only(tmp_path: Path) -> None:
    row = row_of(tmp_path, "site_id_code", "9900000001")
    assert not row.is_wrong
    assert "前两位" in told(row)[2]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("5300000001.0", "5300000001"), ("５３００００００01", "5300000001"), ("BM12345678", "bm12345678"), (" ", None)],
)
def test_site_codes_are_kept_in_one_form(tmp_path: Path, given: str, kept: str | None) -> None:
    row = row_of(tmp_path, "site_id_code", given)
    assert (row.values["site_id_code"], row.problems) == (kept, [])


def test_a_cell_of_text_digits_is_unwrapped(tmp_path: Path) -> None:
    assert row_of(tmp_path, "site_id_code", '"=""5300000001"""').values["site_id_code"] == "5300000001"


@pytest.mark.parametrize(
    ("word", "level"),
    [("省", "province"), ("地市级", "city"), ("县（市、区）级", "county"), ("COUNTY", "county"), ("镇街", "township")],
)
def test_level_words_are_understood_in_both_languages(tmp_path: Path, word: str, level: str) -> None:
    assert row_of(tmp_path, "level", word).values["level"] == level


@pytest.mark.parametrize(
    ("cells", "profile"),
    [
        ("市级,门户网站", "city-portal"),
        ("县级,政府门户", "county-portal"),
        (",部门网站", "department"),
        (",ENTERPRISE", "enterprise"),
        (",", None),
    ],
)
def test_profile_words_are_understood_with_their_level(tmp_path: Path, cells: str, profile: str | None) -> None:
    row = row_of(tmp_path, "level,profile", cells)
    assert (row.values["profile"], row.problems) == (profile, [])


def test_a_further_column_is_kept_as_a_note_and_a_slip_of_the_pen_is_pointed_at(tmp_path: Path) -> None:
    found = read_registry(csv_file(tmp_path, "name,url,建成年份,主办单未", "甲,http://a.example/,2009,乙局"))
    assert found.rows[0].notes == {"建成年份": "2009", "主办单未": "乙局"}
    assert [(p.column, p.is_error) for p in found.problems] == [("主办单未", False)]
    assert "主办单位" in found.problems[0].message


def test_a_parent_unit_stands_above_the_unit(tmp_path: Path) -> None:
    assert row_of(tmp_path, "主管单位,上级单位", "市财政局,市政府").unit == ("市政府", "市财政局")
    assert row_of(tmp_path, "unit", "市政府／市财政局").unit == ("市政府", "市财政局")
    assert told(row_of(tmp_path, "主管单位,上级单位", ",市政府"))[1] == "上级单位"


# ---------------------------------------------------------------- several values in a cell


def test_delegated_columns_are_read_by_slug_or_name(tmp_path: Path) -> None:
    row = row_of(tmp_path, "委托公开栏目", "double-publicity=credit.example/#12;财政预算")
    assert [(one.concept, one.url) for one in row.delegations] == [
        ("double-publicity", "http://credit.example/#12"),
        ("budget", None),
    ]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("dubble-publicity=http://a.example/", "double-publicity"),
        ("news=", "没有网址"),
        ("news;news", "两次"),
        ("news=nowhere", "不是网址"),
    ],
)
def test_a_wrong_delegation_is_told(tmp_path: Path, cell: str, words: str) -> None:
    assert words in told(row_of(tmp_path, "delegated", cell))[2]


def test_an_exemption_has_document_days_and_whoever_allowed_it(tmp_path: Path) -> None:
    cell = r"文件=青政函〔2026〕3号\|附件|路径=政务公开>财政信息|自=2026-01-01|至=2026-06-30|批准=青禾县政务公开办"
    (one,) = row_of(tmp_path, "豁免", cell).exemptions
    assert (one.document, one.path, one.rule) == ("青政函〔2026〕3号|附件", ("政务公开", "财政信息"), None)
    assert (one.first_day, one.last_day, one.allowed_by) == (date(2026, 1, 1), date(2026, 6, 30), "青禾县政务公开办")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("文件=甲|批准=乙", "开始日期"),
        ("自=2026-01-01|批准=乙", "依据文件"),
        ("文件=甲|自=2026-01-01", "批准单位"),
        ("文件=甲|自=2026-01-01|至=2025-01-01|批准=乙", "早于"),
        ("文件=甲|自=2026-02-30|批准=乙", "没有 30 日"),
        ("文件=甲|自=2026-01-01|批准=乙|规则=x", "规则编号"),
        ("随便写写", "不明"),
        ("文件=甲|文件=乙", "两次"),
    ],
)
def test_a_wrong_exemption_is_told(tmp_path: Path, cell: str, words: str) -> None:
    assert words in told(row_of(tmp_path, "exemptions", cell))[2]


def test_contacts_belong_together_by_their_places(tmp_path: Path) -> None:
    row = row_of(tmp_path, "联系人,联系电话,邮箱", "张三;李四,13800000000;,;li@qinghe.example")
    assert [(one.name, one.channel, one.address) for one in row.contacts] == [
        ("张三", Channel.PHONE, "13800000000"),
        ("李四", Channel.MAIL, "li@qinghe.example"),
    ]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("张三,12,", "联系电话", "不是电话"),
        ("张三,,li@", "邮箱", "不是邮箱"),
        ("张三;李四,13800000000,", "联系电话", "逐一对应"),
        ("张三,,", "联系人", "没有电话"),
    ],
)
def test_a_wrong_contact_is_told_at_its_own_column(tmp_path: Path, cells: str, column: str, words: str) -> None:
    found = told(row_of(tmp_path, "联系人,联系电话,邮箱", cells))
    assert found[1] == column
    assert words in found[2]


# ---------------------------------------------------------------- the same portal


@pytest.mark.parametrize(
    "other",
    [
        "https://www.qinghe.example/",
        "http://qinghe.example",
        "http://www.QINGHE.example:80/index.html",
        "https://www.qinghe.example:443/",
        "http://www.qinghe.example./",
    ],
)
def test_addresses_of_one_portal_have_one_key(other: str) -> None:
    assert address_key(other) == address_key("http://www.qinghe.example/")


def test_a_host_in_chinese_letters_is_the_host_in_its_coded_form() -> None:
    coded = "青禾县.政务".encode("idna").decode()
    assert address_key("http://青禾县.政务/") == address_key(f"http://{coded}/")


@pytest.mark.parametrize(
    "other", ["http://www.qinghe.example:8080/", "http://www.qinghe.example/czj/", "http://a.qinghe.example/"]
)
def test_another_port_folder_or_host_is_another_portal(other: str) -> None:
    assert address_key(other) != address_key("http://www.qinghe.example/")
