// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/help.hpp"

#include "config.h"

namespace astcti::ctl {

const char* const help_of_all =
    R"(Manages the accounts of AstCTI, and records what Asterisk tells it.

Usage: astctictl [--config FILE] COMMAND ...

  user      accounts: what people log in with, and which telephones are theirs
  seat      telephones of desks, for people who have none of their own
  db        the database of the accounts: is it well, is it up to date
  record    what Asterisk told in the last minutes, for a support case
  reload    reads TLS and the rules for desktops again; nobody is disconnected
  tls       by which key clients know the running astctid

astctictl COMMAND --help tells of each.

  --config FILE     what astctid reads ()" ASTCTI_SYSCONFDIR R"(/astcti/astcti.xml)
  --help
  --version

Examples:
  astctictl user add anna --ext PJSIP/201
  astctictl user list
  astctictl db status
)";

const char* const help_of_user =
    R"(Manages accounts: what people log in with, and which telephones are theirs.

Usage: astctictl [--config FILE] user COMMAND
  add NAME [options]                makes an account; without --ext for any desk
  list | show NAME [--json]         all accounts, or one
  set NAME [--ext --host --dial]    changes these; "" takes away
  passwd NAME [--password-fd N]     sets another password
  remove NAME
  device add|remove NAME DEVICE     further telephones
  migrate [NAME...]                 makes bare MD5s of the original safe

  --ext DEVICE      the person's telephone, as Asterisk calls it
  --device DEVICE   a further one of the person's; may be repeated
  --dial CHANNEL    what rings when the person dials, if not the telephone
  --host ADDRESS    from where the person logs in: address, network; or anywhere
  --native-only     not for clients of the original AstCTI: its secret is safer
  --password-fd N   read one line from this descriptor; else you are asked twice
  --json            for programs

Examples:
  astctictl user add anna --ext PJSIP/201 --host 192.168.20.0/24
  astctictl user set anna --dial Local/201@from-internal --host ""
)";

const char* const help_of_seat =
    R"(Telephones of desks: whoever has none of their own has that of the desk.

Usage: astctictl [--config FILE] seat COMMAND
  list [--json]      the desks that have a telephone; --json is for programs
  set HOST DEVICE    the desk at this address, or in this network, has it
  remove HOST        the desk has none any more

If several fit, the narrowest network counts.

Examples:
  astctictl user add anna
  astctictl seat set 192.168.20.7 PJSIP/301
)";

const char* const help_of_db =
    R"(The database of the accounts.

Usage: astctictl [--config FILE] db COMMAND
  status            is it well; tells what is wrong, and how to mend it
  migrate           brings the tables up to date
  import-legacy --from-database NAME --from-user NAME [options]
                    copies accounts from the original's table cti on MySQL or
                    MariaDB; may be done again, and changes no account

  --from-host HOST      where that server is (localhost)
  --from-port PORT      its port (3306)
  --from-socket PATH    its socket on this machine, instead of host and port
  --from-ca FILE        who vouches for another machine; else the system's CAs
  --from-insecure       another machine without TLS: who listens can log in
  --from-password-fd N  read one line from this descriptor; else you are asked
  --wrap                makes secrets safe on the way, which the original cannot
                        read any more; into SQLite they always are

Examples:
  astctictl db status
  astctictl db import-legacy --from-database astcti --from-user reader
)";

const char* const help_of_record =
    R"(Writes what Asterisk told the running astctid in the last minutes.

Usage: astctictl record [options]

  --pbx NAME        whose last minutes to record, if there are several
  --output FILE     a new file; else standard output, unless it is a terminal
  --plain           do not replace the numbers and names of callers
  --control PATH    the socket of astctid (/run/astcti/control)

Examples:
  astctictl record --output case-17.txt
)";

const char* const help_of_reload =
    R"(Has the running astctid read its certificate and key of TLS, and the rules for
desktops, again.

Usage: astctictl reload [--control PATH]

  --control PATH    the socket of astctid (/run/astcti/control)

Clients stay connected. If something is wrong with the files, that is told,
and astctid goes on with what it had.
)";

const char* const help_of_tls =
    R"(Tells of the certificate of the running astctid, and of the pin of its key.

Usage: astctictl tls [--control PATH]

  --control PATH    the socket of astctid (/run/astcti/control)

The pin is what clients know a certificate by that no authority has signed.
)";

} // namespace astcti::ctl
