"""What tests of several rooms share."""

import os
from contextlib import suppress

import pytest

from parallax.errors import ContextError
from parallax.gpu.context import open_context

# Before any OpenGL context: triton, which timm brings by way of torchvision, ends a process that
# already holds an llvmpipe context (each has an LLVM); the other order is harmless
with suppress(ImportError):
    import triton  # noqa: F401


@pytest.fixture(scope="session")
def shared_context():
    """One software context for the session, so that frames are the same bytes everywhere."""
    try:
        with open_context("software") as context:
            yield context
    except ContextError as error:
        if os.environ.get("PARALLAX_REQUIRE_GL") == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture
def ctx(shared_context):
    """The context, with no error left behind before or after the test."""
    with shared_context.gl:  # a test before may have opened one of its own
        shared_context.check_error("before the test")
        yield shared_context
        shared_context.check_error("after the test")
