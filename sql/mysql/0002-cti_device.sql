-- SPDX-License-Identifier: GPL-3.0-or-later
-- The further telephones of an account, besides `cti`.`EXT`. A telephone has one account.
CREATE TABLE IF NOT EXISTS `cti_device` (
  `USERNAME` varchar(255) NOT NULL,
  `DEVICE` varchar(255) NOT NULL,
  UNIQUE KEY `DEVICE` (`DEVICE`),
  KEY `USERNAME` (`USERNAME`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
