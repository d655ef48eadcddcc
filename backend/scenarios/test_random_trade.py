"""Whatever people try, in whatever order: the books hold, and a refusal changes nothing."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from testing.random_trade import COMMANDS, Log, World, attempt, contradictions

ON_MONGODB = os.environ["ALAWAEL_TEST_ENGINE"] == "mongodb"
STORIES = 200
#: The proofs read everything there is, so they run for several stories at once.
PROVED_EVERY = 50 if ON_MONGODB else 10
WATCHED_EVERY = 8 if ON_MONGODB else 2

steps = st.lists(
    st.tuples(st.sampled_from(sorted(COMMANDS)), st.integers(0, 2**48)), min_size=6, max_size=12
)


@pytest.mark.slow
def test_two_hundred_stories_of_trade_keep_the_books(db):
    world, log = World.founded(), Log()

    @settings(
        max_examples=STORIES,
        deadline=None,
        derandomize=True,
        database=None,
        # The company lives on from story to story, so a shorter story would be another one.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps)
    def tell(story):
        world.begin_story()
        for step, (name, number) in enumerate(story):
            attempt(world, name, number, log, watch=step % WATCHED_EVERY == 0)
        if world.stories % PROVED_EVERY == 0:
            assert contradictions() == []

    tell()

    assert contradictions() == []
    if ON_MONGODB:
        return  # the same stories; that they reach every command is checked once, on SQLite
    never = set(COMMANDS) - set(log.carried_out)
    assert not never, f"Never carried out, so nothing was learned of it: {sorted(never)}"
