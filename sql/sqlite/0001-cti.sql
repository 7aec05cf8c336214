-- SPDX-License-Identifier: GPL-3.0-or-later
-- The table of the setup guide. SQLite compares text byte for byte, as user names are to be.
CREATE TABLE IF NOT EXISTS cti (
  USERNAME TEXT DEFAULT NULL UNIQUE,
  SECRET   TEXT DEFAULT NULL,
  HOST     TEXT DEFAULT NULL,
  EXT      TEXT DEFAULT NULL UNIQUE
);
