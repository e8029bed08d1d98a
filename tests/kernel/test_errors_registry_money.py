"""Small parts of the kernel: errors, registry, money."""

from __future__ import annotations

import pytest

from madoguchi.kernel.errors import Conflict, DomainError, NotFound
from madoguchi.kernel.money import yen
from madoguchi.kernel.registry import Registry


def test_an_error_carries_code_message_and_mend():
    error = NotFound("ありません。", code="x.none", mend="確かめてください。", case=1)
    assert isinstance(error, DomainError)
    assert error.as_dict() == {"code": "x.none", "message": "ありません。", "mend": "確かめてください。"}
    assert str(error) == "ありません。確かめてください。"
    assert error.context == {"case": 1}
    assert error.http_status == 404


def test_registry_keeps_order_and_refuses_a_taken_key():
    registry: Registry[int] = Registry("指標")
    registry.register("b", 2)
    registry.register("a", 1)
    assert registry.all() == [2, 1]
    assert "a" in registry
    assert registry.items() == [("b", 2), ("a", 1)]
    with pytest.raises(Conflict):
        registry.register("a", 1)
    with pytest.raises(NotFound, match="b、a"):
        registry.get("c")


@pytest.mark.parametrize(("amount", "printed"), [(0, "0円"), (1234, "1,234円"), (-500, "-500円")])
def test_yen_is_grouped_by_thousands(amount, printed):
    assert yen(amount) == printed
