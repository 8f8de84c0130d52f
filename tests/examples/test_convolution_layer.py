"""The convolutional layer: gradients by hand agree with automatic ones, and wrong ones do not."""

from typing import Any

import pytest

from examples import convolution_layer


def test_by_hand_and_automatic_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert convolution_layer.main(steps=2)
    assert capsys.readouterr().out.endswith("AGREE\n")


def test_wrong_gradient_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = convolution_layer.backward

    def unpadded(dout: Any, cache: Any) -> Any:
        dx, dw, db = right(dout, cache)
        return dx, dw, db / dout.shape[0]

    monkeypatch.setattr(convolution_layer, "backward", unpadded)
    assert not convolution_layer.main(steps=1)
    assert capsys.readouterr().out.endswith("DISAGREE\n")
