# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of ARCHITECTURE.md 3.1 and 3.2 a second time: naive, slow, and written without a look at the first."""
