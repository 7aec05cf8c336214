// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/manager_section.hpp"

#include "daemon/base/base64.hpp"
#include "daemon/config/attributes.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace astcti::config {
namespace {

constexpr std::size_t hex_digits_of_pin = 64;

// The schema has seen to it that it is one of the two spellings.
std::string bytes_of_pin(const std::string& pin) {
    if (pin.size() != hex_digits_of_pin)
        return base::from_base64(pin).value_or("");
    std::string bytes;
    for (std::size_t at = 0; at < pin.size(); at += 2) {
        unsigned value = 0;
        std::from_chars(pin.data() + at, pin.data() + at + 2, value, 16);
        bytes += static_cast<char>(value);
    }
    return bytes;
}

class ManagerSection {
public:
    ManagerSection(const Document& document, const xmlNode* element, Faults& faults,
                   Faults& warnings)
        : document_(document), element_(element), faults_(faults), warnings_(warnings) {}

    Manager read(bool read_by_all) {
        manager_.name = text(element_, "name");
        if (has(element_, "host"))
            manager_.host = text(element_, "host");
        read_tls();
        manager_.port =
            port(element_, manager_.tls ? default_manager_tls_port : default_manager_port);
        manager_.user = text(element_, "user");
        manager_.secret = text(element_, "secret");
        manager_.secret_credential = text(element_, "secret-credential");
        manager_.secret_file = text(element_, "secret-file");
        check_secret(read_by_all);
        for (auto* child = first_element(element_); child; child = next_element(child))
            if (view(child->name) == "variable")
                read_variable(child);
            else
                read_alias(child);
        return std::move(manager_);
    }

private:
    void fault(const char* attribute, std::string what, std::string advice) {
        faults_.add(document_.line(element_, attribute), std::move(what), std::move(advice));
    }

    void read_tls() {
        if (text(element_, "tls") != "yes") {
            check_plain();
            return;
        }
        Tls tls;
        tls.name = has(element_, "tls-name") ? text(element_, "tls-name") : manager_.host;
        tls.ca_file = text(element_, "ca-file");
        tls.pin = bytes_of_pin(text(element_, "pin"));
        if (text(element_, "plain") == "yes")
            fault("plain", "<manager> has both tls=\"yes\" and plain=\"yes\"", "leave plain out");
        if (has(element_, "pin") && has(element_, "tls-name") && !has(element_, "ca-file"))
            fault("tls-name", "tls-name of <manager> does nothing: with a pin alone the key is all",
                  "leave it out, or name the authority's file by ca-file=");
        manager_.tls = std::move(tls);
    }

    void check_plain() {
        for (const char* const attribute : {"ca-file", "tls-name", "pin"})
            if (has(element_, attribute))
                fault(attribute, "<manager> has " + std::string(attribute) + " but not tls=\"yes\"",
                      "write tls=\"yes\", or leave " + std::string(attribute) + " out");
        const auto& host = manager_.host;
        // A host that is none is a fault of the schema already.
        if (host == "localhost" || is_loopback(host) || host.find_first_of(" /\t\n") != host.npos)
            return;
        if (text(element_, "plain") != "yes")
            fault("host",
                  "the connection to " + shown(host) +
                      " would not be encrypted, and it leaves this machine",
                  "write tls=\"yes\" (and tlsenable=yes in Asterisk's manager.conf); or "
                  "plain=\"yes\" if nobody can listen on the way");
        else
            warnings_.add(document_.line(element_, "plain"),
                          "the connection to " + shown(host) + " is not encrypted",
                          "whoever can listen on the way sees all calls, and can forge them");
    }

    void check_secret(bool read_by_all) {
        const bool clear = has(element_, "secret");
        const bool credential = has(element_, "secret-credential");
        const bool file = has(element_, "secret-file");
        if (!clear && !credential && !file)
            faults_.add(document_.line(element_), "<manager> has no secret",
                        "write secret-credential=\"astcti.ami\" and put the secret into "
                        "/etc/credstore/astcti.ami (mode 0600)");
        if (clear && credential)
            fault("secret", "<manager> has both secret and secret-credential",
                  "leave secret out: a credential is not in this file");
        else if (clear && file)
            fault("secret", "<manager> has both secret and secret-file",
                  "leave secret out: it is in that file");
        if (credential && file)
            fault("secret-file", "<manager> has both secret-credential and secret-file",
                  "leave one of them out");
        if (clear && read_by_all)
            fault("secret", "there is a secret in this file, and every user can read the file",
                  "chmod o= the file, or use secret-credential; and change the secret, as it "
                  "may be known");
        else if (clear)
            warnings_.add(document_.line(element_, "secret"), "a secret stands in this file",
                          "secret-credential keeps it out of backups and bug reports");
    }

    void read_variable(const xmlNode* child) {
        auto name = text(child, "name");
        auto& variables = manager_.variables;
        if (std::ranges::find(variables, name) != variables.end())
            return;
        if (variables.size() < max_variables)
            variables.push_back(std::move(name));
        else if (!std::exchange(too_many_variables_, true))
            faults_.add(document_.line(child),
                        "<manager> has more than " + std::to_string(max_variables) + " <variable>s",
                        "leave out what no client shows");
    }

    void read_alias(const xmlNode* child) {
        Alias alias{text(child, "channel"), text(child, "device")};
        auto& aliases = manager_.aliases;
        const auto line = document_.line(child);
        if (alias.channel == alias.device)
            faults_.add(line, "<alias> says that " + shown(alias.device) + " is itself",
                        "channel is the PBX's word, device that of the accounts");
        else if (std::ranges::find(aliases, alias.device, &Alias::device) != aliases.end())
            faults_.add(line, "a second <alias> for device " + shown(alias.device),
                        "one technology is called from a desk, so name one");
        else if (aliases.size() == max_aliases)
            faults_.add(line,
                        "<manager> has more than " + std::to_string(max_aliases) + " <alias>es",
                        "leave out what no account has");
        else
            aliases.push_back(std::move(alias));
    }

    const Document& document_;
    const xmlNode* element_;
    Faults& faults_;
    Faults& warnings_;
    Manager manager_;
    bool too_many_variables_ = false;
};

} // namespace

Manager read_manager(const Document& document, const xmlNode* element, bool read_by_all,
                     Faults& faults, Faults& warnings) {
    return ManagerSection(document, element, faults, warnings).read(read_by_all);
}

} // namespace astcti::config
