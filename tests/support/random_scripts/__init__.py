# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls made up at random, as Asterisk would tell of them, and what each desk must be told."""
