"""Secrets in commands and logs: gone from what is shown to others, and nothing else is."""

import pytest

from qemutui.core.mask import Masker


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("secret,id=s0,data=letmein,,1,format=raw", "secret,id=s0,data=***,format=raw"),
        ("secret,id=s0,file=/run/secret", "secret,id=s0,file=/run/secret"),
        ("port=5900,password=a b", "port=5900,password=***"),
        (":0,password=on", ":0,password=on"),
        ("tcp://me:pw@host/x", "tcp://***@host/x"),
        ("driver=luks,key-secret=s0", "driver=luks,key-secret=s0"),
        ("file=rbd:pool/img:id=me:key=AQBx==", "file=rbd:pool/img:id=me:key=***"),
        ('{"qom-type":"secret","data":"le\\"t"}', '{"qom-type":"secret","data":"***"}'),
        ("{'driver':'http','password':'x'}", "{'driver':'http','password':\"***\"}"),
        ("memory-backend-ram,id=m,data=x", "memory-backend-ram,id=m,data=x"),
        ("root=/dev/vda api_token=12345 quiet", "root=/dev/vda api_token=*** quiet"),
        ("q35,accel=kvm", "q35,accel=kvm"),
    ],
)  # fmt: skip
def test_a_word_without_its_secrets(word: str, shown: str) -> None:
    assert Masker().word(word) == shown


def test_what_was_secret_once_is_secret_everywhere() -> None:
    masker = Masker()
    masker.words(["-object", "secret,id=s,data=hunter22"])
    assert masker.environment({"A": "swordfish"}) == {"A": "***"}
    assert masker.text("it was hunter22\nor swordfish; data=x") == "it was ***\nor ***; data=x"
