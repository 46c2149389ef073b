# SPDX-License-Identifier: Apache-2.0
"""Do JSON documents, one a line, follow the schemas that they name?  validate.py SCHEMAS DOCUMENTS

Prints how many there were, or what is wrong with those that do not, and then fails.
"""
import collections
import json
import pathlib
import sys

import jsonschema


def no_twins(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), "a member twice"
    return dict(pairs)


def main(folder, documents):
    validators, seen, wrong = {}, collections.Counter(), []
    for path in pathlib.Path(folder).glob("*.json"):
        schema = json.loads(path.read_text(encoding="ascii"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[f"valise.{path.stem}/1"] = jsonschema.Draft202012Validator(schema)
    for number, line in enumerate(pathlib.Path(documents).read_bytes().splitlines(), 1):
        try:
            document = json.loads(line.decode("ascii"), object_pairs_hook=no_twins)
            name = document["schema"]
            assert next(iter(document)) == "schema", "schema is not first"
            assert name in validators, f"there is no schema {name}"
            validators[name].validate(document)
            seen[name] += 1
        except (ValueError, KeyError, TypeError, AssertionError) as error:
            wrong.append(f"document {number}: {error!r}: {line[:300]!r}")
        except jsonschema.ValidationError as error:
            at = "/".join(map(str, error.absolute_path))
            wrong.append(f"document {number}: {name}: {at}: {error.message[:300]}")
    if wrong:
        print("\n".join(wrong[:20]))
        return 1
    print(f"{sum(seen.values())} documents of {', '.join(sorted(seen))}")
    return 0


sys.exit(main(*sys.argv[1:]))
