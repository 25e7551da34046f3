"""The migrations say what the models say; no database is asked."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils.translation import override


def test_each_room_has_one_last_migration() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}


def test_migrations_make_what_models_say() -> None:
    """Where this fails, `python -m django makemigrations` writes what is missing."""
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=None, dry_run=True),
    )
    # Labels are compared as they are written, in no language.
    with override(None):
        missing = detector.changes(graph=loader.graph)
    assert [(room, one.operations) for room, steps in missing.items() for one in steps] == []
