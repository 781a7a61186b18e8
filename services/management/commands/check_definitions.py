from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language

from services.definitions.lint import Finding, lint_file
from services.definitions.loader import catalogue_files, load_file
from services.definitions.yaml_format import dump


class Command(BaseCommand):
    help = "Check the service definitions; errors make it fail, warnings do not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, help="files to check; all of the catalogue without")
        parser.add_argument("--write", action="store_true", help="put the files into the canonical layout first")
        parser.add_argument("--quiet", action="store_true", help="do not print warnings")

    def handle(self, *args: Any, paths: list[Path], write: bool, quiet: bool, **options: Any) -> None:
        files = paths or catalogue_files()
        if write:
            for path in files:
                path.write_text(dump(load_file(path)), encoding="utf-8")
        findings = [finding for path in files for finding in lint_file(path)]
        for finding in findings:
            if finding.level == "error" or not quiet:
                self.stdout.write(_line(finding))
        errors = sum(finding.level == "error" for finding in findings)
        self.stdout.write(f"{len(files)} definitions, {errors} errors, {len(findings) - errors} warnings")
        if errors:
            raise CommandError("The definitions have errors.")


def _line(finding: Finding) -> str:
    language = get_language()
    reason, remedy = finding.reason.in_language(language), finding.remedy.in_language(language)
    return f"{finding.file}:{finding.line}: {finding.level}: {reason}. {remedy}"
