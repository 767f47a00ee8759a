# SPDX-License-Identifier: Apache-2.0
"""The real search engines of the suite, and a real Tika: each is booted when a test first asks for it, and serves all that follow."""

import atexit
import contextlib
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "engine"))

import engine_server  # noqa: E402
import engine_tika  # noqa: E402
from engine_client import Client, HttpFailure  # noqa: E402, F401 (what tests use of it)
from engine_store import EngineUnavailable, choose  # noqa: E402

# For tests that search with API keys of their own. The OpenSearch of the tests has no security.
needs_security = unittest.skipIf(os.environ.get("DBX_ES_TEST_ENGINE") == "opensearch", "needs API keys")

_running = {}
_ends = contextlib.ExitStack()
atexit.register(_ends.close)


def engine(name=None, version=None, tls=False):
    """A running engine; skips the test where no JDK can run it. Newest version unless one is named.

    Without a name it is an Elasticsearch, or what DBX_ES_TEST_ENGINE names.
    """
    name = name or os.environ.get("DBX_ES_TEST_ENGINE") or "elasticsearch"
    try:
        version = choose(name, version)[0].version
    except EngineUnavailable as reason:
        raise unittest.SkipTest(str(reason)) from None
    key = (name, version, tls)
    if key not in _running:
        _running[key] = _ends.enter_context(engine_server.running(name, version=version, tls=tls))
    return _running[key]


def tika():
    """The URL of a running Tika; skips the test where no JDK can run it."""
    if "tika" not in _running:
        try:
            _running["tika"] = _ends.enter_context(engine_tika.running_tika())
        except EngineUnavailable as reason:
            raise unittest.SkipTest(str(reason)) from None
    return _running["tika"]
