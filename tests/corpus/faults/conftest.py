"""A corpus of an unbroken run, for all others to be compared with, and a laboratory of each test's own.

The suite in full, with 200 random kills, and how many there were:

    HYPOTHESIS_PROFILE=thorough pytest tests/corpus/faults -o junit_family=xunit1 --junitxml=kills.xml
"""

from __future__ import annotations

import json

import faultlab as lab_
import pytest
from faultlab import Lab, content


@pytest.fixture(scope="session")
def unbroken(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("faults"))
    lab.fill()
    done = lab.run("unbroken", "--json")
    assert (done.status, done.err) == (0, "")  # a log has a line a minute, and none to write over
    assert json.loads(done.out)["account"]["records"] == 369
    lab_.assert_accounts(lab.folder / "unbroken")
    yield lab, content(lab.folder / "unbroken")
    lab.close()


@pytest.fixture
def own(tmp_path):
    lab = Lab(tmp_path)
    yield lab
    lab.close()


@pytest.fixture
def out(request) -> str:
    return request.node.name.replace("[", "-").replace("]", "")
