"""A drop folder and kill -9 of fetch: every file comes out once."""
import sys

import folder_soak


def test_fetch_killed_over_a_drop_folder(build):
    """Files are dropped while fetch is killed again and again; what was taken is moved."""
    print(folder_soak.soak(build, files=300, kills=4), file=sys.stderr)


def test_fetch_killed_over_files_that_stay(build):
    """The same where files are left where they are, and only the ledger knows which were taken."""
    print(folder_soak.soak(build, files=200, kills=3, after='leave'), file=sys.stderr)
