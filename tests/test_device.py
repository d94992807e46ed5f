"""What is free on this machine, read from files as the kernel writes them."""

from pathlib import Path

import pytest

from graders import device

GIB = 2**30


@pytest.mark.parametrize("version", [0, 1], ids=["version 2", "version 1"])
def test_a_containers_cache_of_files_counts_as_free(
    version: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, limit, used, _ = device.CGROUPS[version]
    (tmp_path / limit).write_text(f"{GIB}\n")
    (tmp_path / used).write_text(f"{GIB - 1}\n")
    (tmp_path / "memory.stat").write_text(
        f"inactive_file {GIB // 4}\nactive_file 5\ntotal_inactive_file {GIB // 4}\n"
    )
    monkeypatch.setattr(device, "CGROUPS", ((tmp_path, *device.CGROUPS[version][1:]),))
    assert device.free_memory_mib() == 256


def test_no_memory_of_a_gpu_is_told_for_a_processor() -> None:
    assert device.gpu_free_memory_mib("cpu") is None
