import json

import pytest


def test_json_is_utf_8(util):
    jsonapi = util("jsonapi")
    assert jsonapi.dumps({"ä": [1, None]}) == b'{"\\u00e4": [1, null]}'
    assert jsonapi.dumps("ä", ensure_ascii=False) == b'"\xc3\xa4"'
    assert jsonapi.loads(b'"\xc3\xa4"') == jsonapi.loads('"ä"') == "ä"


def test_keywords_go_to_the_standard_library(util):
    assert util("jsonapi").loads(b"1.5", parse_float=str) == "1.5"
    assert util("jsonapi").jsonmod is json


def test_what_is_no_json_is_refused(util):
    with pytest.raises(ValueError, match="Expecting"):
        util("jsonapi").loads(b"{")
    with pytest.raises(TypeError):
        util("jsonapi").dumps(object())
