-- SPDX-License-Identifier: GPL-3.0-or-later
-- The further telephones of an account, besides cti.EXT. A telephone has one account.
CREATE TABLE IF NOT EXISTS cti_device (
  USERNAME TEXT NOT NULL,
  DEVICE   TEXT NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS cti_device_of_user ON cti_device (USERNAME);
