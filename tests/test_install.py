"""A lock is installed as it stands, whatever newer releases there are, by uv and by the pip of this environment."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pip
import pytest
import uv

ROOT = Path(__file__).parent.parent


def wheel(shop, name, version, requires=(), code=""):
    """Write a wheel of one module into the folder; return the line of a lock that pins it."""
    path = shop / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    extras = {extra for need in requires for extra in re.findall(r"extra == '(\w+)'", need)}
    metadata = [
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}",
        *(f"Provides-Extra: {extra}" for extra in sorted(extras)),
        *(f"Requires-Dist: {need}" for need in requires),
    ]
    files = {
        f"{name}/__init__.py": "",
        f"{name}/__main__.py": code,
        f"{about}/METADATA": "\n".join(metadata) + "\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in (files | {f"{about}/RECORD": record}).items():
            archive.writestr(file, text)
    return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


UVS = {
    "uv": f"import subprocess, sys\nsys.exit(subprocess.run([{uv.find_uv_bin()!r}, *sys.argv[1:]]).returncode)\n",
    "pip, where uv fails": "raise SystemExit('uv is not for this machine')\n",
}


@pytest.fixture
def shop(tmp_path):
    """Return a folder of wheels, in which there are newer releases than the locks name."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for version in ("1.1", "2.0"):
        wheel(folder, "core", version, ["helper; extra == 'more'"])
    wheel(folder, "helper", "2.0")
    return folder


@pytest.fixture
def install(tmp_path, shop):
    """Return a function that installs a lock into a new environment with this pip; and what came of it."""

    def installed(lock, uv):
        home, environment = tmp_path / "requirements", tmp_path / "environment"
        home.mkdir()
        shutil.copy(ROOT / "requirements" / "install.py", home)
        (home / "dev.lock").write_text(wheel(shop, "uv", "1.0", code=UVS[uv]) + lock, encoding="utf-8")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        packages = Path(subprocess.check_output([python, "-c", where], text=True).strip())
        about = next(Path(pip.__file__).parents[1].glob("pip-*.dist-info"))
        for part in (Path(pip.__file__).parent, about):
            shutil.copytree(part, packages / part.name)
        alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shop), "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(shop)}
        result = subprocess.run(
            [python, home / "install.py", home / "dev.lock"],
            env=os.environ | alone | {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        return result.returncode, result.stdout, sorted(path.name for path in packages.glob("*.dist-info"))

    return installed


@pytest.mark.parametrize("uv", UVS)
def test_newer_releases_change_nothing(shop, install, uv):
    extra = ["helper; extra == 'more'"]
    lock = wheel(shop, "core", "1.0", extra) + wheel(shop, "helper", "1.0")
    lock += wheel(shop, "plugin", "1.0", ["core[more]>=1"])
    status, printed, there = install(lock, uv)
    assert status == 0, printed
    assert ("uv could not do it; pip does" in printed) == (uv != "uv")
    assert [name for name in there if not name.startswith("pip-")] == [
        f"{name}-1.0.dist-info" for name in ("core", "helper", "plugin", "uv")
    ]


@pytest.mark.parametrize("uv", UVS)
def test_a_lock_that_lacks_a_package_is_refused(shop, install, uv):
    status, printed, _ = install(wheel(shop, "plugin", "1.0", ["core[more]>=1"]), uv)
    assert status != 0
    assert re.search(
        r"dev\.lock names does not fit together:\nplugin 1\.0 requires core, which is not installed", printed
    )


@pytest.mark.parametrize("uv", UVS)
def test_a_package_that_is_not_the_locked_one_is_refused(shop, install, uv):
    lock = wheel(shop, "core", "1.0")
    wheel(shop, "core", "1.0", code="print('another')\n")
    status, printed, there = install(lock, uv)
    assert status != 0
    assert "could not be installed" in printed
    assert "core-1.0.dist-info" not in there


def test_every_lock_is_installed_so():
    files = [ROOT / "Makefile", ROOT / ".readthedocs.yaml", ROOT / ".ci" / "run", *ROOT.glob(".github/workflows/*.yml")]
    told = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert told.count("requirements/install.py requirements/") == 7
    assert not re.search(r"--require-hashes|pip install.* (-r|--requirement) ", told)
