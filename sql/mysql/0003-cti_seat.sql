-- SPDX-License-Identifier: GPL-3.0-or-later
-- What rings when a person dials is a row of cti_device as well (KIND 'dial'; '' is a further
-- telephone), and a desk may have a telephone for whoever sits there.
ALTER TABLE `cti_device`
  ADD COLUMN `ID` int NOT NULL AUTO_INCREMENT PRIMARY KEY FIRST,
  ADD COLUMN `KIND` varchar(20) NOT NULL DEFAULT '',
  DROP KEY `DEVICE`,
  ADD UNIQUE KEY `DEVICE` (`DEVICE`, `KIND`);
CREATE TABLE IF NOT EXISTS `cti_seat` (
  `HOST` varchar(255) NOT NULL,
  `EXT` varchar(255) NOT NULL,
  UNIQUE KEY `HOST` (`HOST`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
