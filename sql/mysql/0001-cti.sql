-- SPDX-License-Identifier: GPL-3.0-or-later
-- The table of the setup guide, as it is there: an existing one keeps working.
CREATE TABLE IF NOT EXISTS `cti` (
  `USERNAME` varchar(255) default NULL,
  `SECRET` varchar(255) default NULL,
  `HOST` varchar(255) default NULL,
  `EXT` varchar(255) default NULL,
  UNIQUE KEY `USERNAME` (`USERNAME`),
  UNIQUE KEY `EXT` (`EXT`)
) ENGINE=MyISAM DEFAULT CHARSET=utf8;
