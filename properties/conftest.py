"""Fixtures of the property tests: the engine's factory, and how much to try."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from bothways.acceptance.engines import Engine
from properties import profiles
from properties.profiles import Profile
from properties.simulation import Factory

profiles.register()
if settings.get_current_profile_name() not in profiles.PROFILES:
    settings.load_profile(profiles.DEFAULT)


@pytest.fixture
def factory(engine: Engine) -> Factory:
    """What builds the integration under test."""
    return engine.factory()


@pytest.fixture
def profile() -> Profile:
    """How much to try."""
    return profiles.present()


@pytest.fixture
def found(request: pytest.FixtureRequest) -> Path:
    """Where failing lists of events are kept."""
    return request.config.rootpath / "out" / "found"
