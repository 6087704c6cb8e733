#!/usr/bin/python3
"""validate.py SCHEMA DOCUMENT...: exit status 0 when every document is valid JSON and matches the schema.

1: one does not, or the schema is no schema; each defect on a line of its own. 2: unusable arguments or unreadable file.
77: the Debian package python3-jsonschema is missing, which ctest reports as skipped. A document named "-" is stdin.
"""
import json
import sys


def load(path):
    try:
        if path == "-":
            return json.load(sys.stdin)
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        sys.exit(2)
    except ValueError as error:
        print(f"{path}: not JSON: {error}", file=sys.stderr)
        sys.exit(1)


def main(arguments):
    if len(arguments) < 2:
        print("usage: validate.py SCHEMA DOCUMENT...", file=sys.stderr)
        return 2
    try:
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is not installed", file=sys.stderr)
        return 77

    schema = load(arguments[0])
    checker = jsonschema.validators.validator_for(schema, default=None)
    if checker is None:
        print(f"{arguments[0]}: expected a \"$schema\" that names a known draft", file=sys.stderr)
        return 1
    try:
        checker.check_schema(schema)
    except jsonschema.SchemaError as error:
        print(f"{arguments[0]}: not a schema: {error.message}", file=sys.stderr)
        return 1

    defects = 0
    for path in arguments[1:]:
        document = load(path)
        for error in sorted(checker(schema).iter_errors(document), key=lambda e: list(map(str, e.absolute_path))):
            where = "/" + "/".join(str(key) for key in error.absolute_path)
            print(f"{path}: {where}: {error.message[:300]}", file=sys.stderr)
            defects += 1
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
