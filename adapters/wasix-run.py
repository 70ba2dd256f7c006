"""Adapter of wasix-run for the test runner of the WASI test suite (WebAssembly/wasi-testsuite), and for the tests of
the wasi-threads proposal, which the same runner runs. See docs/conformance.md.

The command is wasix-run, or what WASIX_RUN says, split as a shell would: WASIX_RUN="node dist/wasix-run.cjs".

The runner imports this file and calls its functions. The parameters of compute_argv have changed over the years; it
takes all forms.
"""
import os
import shlex
import subprocess
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

COMMAND = shlex.split(os.environ.get("WASIX_RUN", "wasix-run"))


def get_name() -> str:
    return "wasix-run"


def get_version() -> str:
    result = subprocess.run(COMMAND + ["--version"], encoding="UTF-8", capture_output=True, check=True)
    return result.stdout.split()[-1]


def get_wasi_versions() -> List[str]:
    return ["wasm32-wasip1"]


def _options(env: Dict[str, str], dirs: Sequence[Tuple[Path, str]]) -> List[str]:
    options: List[str] = []
    for key, value in env.items():
        options += ["--env", f"{key}={value}"]
    for host, guest in dirs:
        options += ["--dir", f"{host}::{guest}"]
    return options


def compute_argv(test_path: str, *rest) -> List[str]:
    """The command line of a test.

    (test_path, args, env, dirs), the same with the WASI version at the end, or
    (test_path, (args, env, dirs), proposals, wasi_version). `dirs` are pairs of host and guest path.
    """
    if rest and isinstance(rest[0], tuple) and len(rest[0]) == 3:
        args, env, dirs = rest[0]
    else:
        args, env, dirs = rest[:3]
    return COMMAND + _options(env, dirs) + [str(test_path)] + list(args)
