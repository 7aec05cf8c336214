-- SPDX-License-Identifier: GPL-3.0-or-later
-- The table of the setup guide; an existing one keeps working, whatever its engine.
CREATE TABLE IF NOT EXISTS `cti` (
  `USERNAME` varchar(255) default NULL,
  `SECRET` varchar(255) default NULL,
  `HOST` varchar(255) default NULL,
  `EXT` varchar(255) default NULL,
  UNIQUE KEY `USERNAME` (`USERNAME`),
  UNIQUE KEY `EXT` (`EXT`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
