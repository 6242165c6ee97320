# Shared by scripts/demo and scripts/test, which read it with `.` from the root of the
# repository. Offers: find_python, environment, rivals, find_browser.

# Set $python to an interpreter that can build environments, or say what is needed.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.14 python3.13 python3.12 python3.11 python
    fi
    for python in "$@"; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            return 0
        fi
    done
    {
        echo "$0: Python 3.11 or newer with the standard modules venv and ensurepip is needed;"
        if [ -n "${PYTHON:-}" ]; then
            echo "PYTHON=$PYTHON is not one. Name another, or leave PYTHON unset to search the path."
        else
            echo "none was found among python3, python3.14 to python3.11 and python."
            echo "Install one (on Debian and Ubuntu: python3 and python3-venv) and run this again,"
            echo "or name one that is not on the path: PYTHON=/path/to/python3 $0"
        fi
    } >&2
    exit 1
}

# environment DIRECTORY CONSTRAINTS WHAT: an environment in DIRECTORY with WHAT ("." or
# ".[test]") installed in place, so that edits of src/ need no new install. It is built
# again only when the constraints, pyproject.toml, the interpreter or the place change.
environment() {
    # The stamp holds all that the environment was built from.
    stamp=$(
        pwd
        "$python" -c 'import sys; print(sys.version, sys.base_prefix)'
        echo "$3"
        cksum pyproject.toml "$2"
    )
    if [ -x "$1/bin/python" ] && [ "$(cat "$1/stamp" 2>/dev/null)" = "$stamp" ] &&
        "$1/bin/python" -c '' 2>/dev/null; then
        return 0
    fi
    echo "Building the environment $1 (once, a minute or two) ..." >&2
    rm -rf "$1"
    "$python" -m venv "$1"
    # The build tools are pinned too, hence no isolated build.
    quiet_pip "$1" -c "$2" hatchling editables
    quiet_pip "$1" -c "$2" --no-build-isolation --editable "$3"
    printf '%s\n' "$stamp" >"$1/stamp"
}

# rivals: the environment .venv-race, with what benchmarks/race and benchmarks/nuts run against.
rivals() {
    environment .venv-race constraints.txt .
    list=benchmarks/race-requirements.txt
    if ! cmp -s "$list" .venv-race/rivals; then
        echo "Installing the rivals (once, a minute or two) ..." >&2
        # monaco asks for an older psutil, which the library itself does not need
        grep -v '^psutil==' constraints.txt >.venv-race/constraints.txt
        quiet_pip .venv-race -c .venv-race/constraints.txt -r "$list"
        cp "$list" .venv-race/rivals
    fi
}

# quiet_pip DIRECTORY ARGUMENTS...: `pip install` that speaks only of errors.
quiet_pip() {
    directory=$1
    shift
    "$directory/bin/python" -m pip install -qq --disable-pip-version-check "$@"
}

# Install Debian's Chromium, in which the page is tested, where it is missing and may be
# installed. Elsewhere the tests say what they lack: they skip, or fail under CI.
find_browser() {
    if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; then
        return 0
    fi
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        echo "Installing chromium (once) ..." >&2
        apt-get update -qq >/dev/null &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
                chromium fonts-dejavu-core >/dev/null ||
            echo "chromium could not be installed" >&2
    fi
}
