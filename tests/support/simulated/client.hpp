// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/simulated/ledger.hpp"
#include "tests/support/simulated/model.hpp"
#include "tests/support/simulated/server.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace astcti::simulated {

struct Counts {
    std::uint64_t logins = 0;
    std::uint64_t token_logins = 0;
    std::uint64_t put_off = 0;
    std::uint64_t snapshots = 0;
    std::uint64_t collapses = 0;
    std::uint64_t answers = 0;
};

// Somebody with an account, who keeps to PROTOCOL.md, on a line that may be bad: connects, logs in,
// asks, and looks at all that comes.
class Client {
public:
    struct Who {
        std::string user;
        bool is_original = false;
        Server::Door door = Server::Door::plain;
        std::string address = "127.0.0.1";
        uid_t uid = 0;
    };
    enum class Reading { all, little, nothing };

    Client(Who who, Ledger& ledger, Counts& counts);

    const Who& who() const noexcept { return who_; }
    bool is_connected() const noexcept { return fd_ >= 0; }
    bool is_logged_in() const noexcept { return is_connected() && logged_in_; }
    // Since when nothing has been read although something may be there; see Schedule.
    Time last_read = 0;
    Reading reading = Reading::all;
    bool writes_slowly = false;
    bool may_mistype = true;
    // Logged in with the password in this life of the server.
    bool is_known = false;

    // Does what it likes: connects, or says something.
    void act(Server& server);
    // Only what brings it in.
    void come_in(Server& server);
    // Only the password brings it in.
    void forget_token() { token_.clear(); }
    // Has all answers, or is away.
    bool is_quiet() const noexcept { return !is_connected() || (asked_.empty() && out_.empty()); }
    // From now on: reads and writes all at once, and knows its password.
    void behave();
    // Moves bytes, and looks at them.
    void exchange();
    // Ends it: in order, by a reset, or without that the server is told.
    enum class Drop { ended, reset, silent };
    void drop(Drop how);
    void server_gone() { is_known = false; }

    // Empty if all is known and every question answered.
    std::string difference(const Switchboard& truth) const;

private:
    enum class Verb {
        welcome,
        helo,
        auth,
        token_auth,
        noop,
        calls,
        token,
        ext,
        orig,
        quit,
        rubbish,
        unknown,
        too_long,
        user,
        pass
    };
    struct Asked {
        Verb verb;
        std::string tag;
        std::string text; // what it is about
    };

    void connect(Server& server);
    void log_in();
    void ask(Verb verb, const std::string& command, std::string text = {});
    void say_something();
    void say_native(std::uint64_t what);
    void lines();
    void line(std::string_view text);
    void original_line(std::string_view text);
    void answer(std::string_view text);
    void answered(const Asked& asked, int code, std::string_view text);
    void refused(const Asked& asked, int code, std::string_view text);
    void logged_in(const Asked& asked, std::string_view text);
    void take_token(std::string_view text);
    void gone();
    unsigned secret_changes() const;

    Who who_;
    Ledger& ledger_;
    Counts& counts_;
    int fd_ = -1;
    std::string out_;
    std::string in_;
    std::deque<Asked> asked_;
    std::optional<Model> model_;
    bool helo_said_ = false;
    bool trying_ = false; // a login is under way
    bool logged_in_ = false;
    bool over_ = false; // BYE came
    Time not_before_ = 0;
    std::string token_;
    unsigned changes_before_ = 0; // of the secret, when the login began
    std::string appdata_;         // of the event that is coming
    std::string name_;
    unsigned typos_ = 0;
    std::uint64_t last_tag_ = 0;
};

} // namespace astcti::simulated
