-- SPDX-License-Identifier: GPL-3.0-or-later
-- What rings when a person dials is a row of cti_device as well (KIND 'dial'; '' is a further
-- telephone), and a desk may have a telephone for whoever sits there.
CREATE TABLE cti_device_3 (
  USERNAME TEXT NOT NULL,
  DEVICE   TEXT NOT NULL,
  KIND     TEXT NOT NULL DEFAULT '',
  UNIQUE (DEVICE, KIND)
);
INSERT INTO cti_device_3 (USERNAME, DEVICE) SELECT USERNAME, DEVICE FROM cti_device ORDER BY rowid;
DROP TABLE cti_device;
ALTER TABLE cti_device_3 RENAME TO cti_device;
CREATE INDEX cti_device_of_user ON cti_device (USERNAME);
CREATE TABLE IF NOT EXISTS cti_seat (
  HOST TEXT NOT NULL UNIQUE,
  EXT  TEXT NOT NULL
);
