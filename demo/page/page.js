// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the query of the page's address. What a caller chose is text here, never markup:
// textContent is the only way anything gets into the page.
"use strict";

const query = new URLSearchParams(window.location.search);

for (const name of ["callername", "callerid", "calldata", "channel", "uniqueid"]) {
    const value = query.get(name);
    const field = document.getElementById(name);
    field.textContent = value || "not given";
    field.classList.toggle("missing", !value);
}

if (query.get("callerid")) {
    document.title = `Call from ${query.get("callername") || query.get("callerid")}`;
} else {
    document.getElementById("lead").textContent =
        "Nothing is in this page's address. AstCTI opens it with the data of a call.";
}
