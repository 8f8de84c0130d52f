"""What tests of audits share."""

import pytest

from autograd_lite.checking.audits import auditing


@pytest.fixture
def patient(monkeypatch):
    """A busy machine is slow, which says nothing about what the search finds."""
    monkeypatch.setattr(auditing, "PATIENCE", 30.0)
