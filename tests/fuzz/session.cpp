// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes from any client in any order: what comes out is answers and events as PROTOCOL.md has
// them, nobody is told anything before a login, and nothing grows. The first byte of each step says
// what is done by which client, the next what with.
#include "daemon/base/base64.hpp"
#include "daemon/base/log.hpp"
#include "protocol/reply.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/simulated/server.hpp"
#include "tests/support/simulated/services.hpp"
#include "tests/support/simulated/switchboard.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string>

using namespace astcti;
using namespace astcti::simulated;
using fuzz::must;
using protocol::ReplyCode;

namespace {

constexpr std::size_t max_clients = 4;
constexpr int max_steps = 60;
constexpr int max_floods = 2;
constexpr int events_of_flood = 20;
constexpr std::array<const char*, 3> devices{"PJSIP/201", "PJSIP/202", "SIP/desk"};
constexpr std::array codes{
    ReplyCode::ok,          ReplyCode::original_error, ReplyCode::logged_in,   ReplyCode::too_long,
    ReplyCode::unknown,     ReplyCode::malformed,      ReplyCode::login_first, ReplyCode::refused,
    ReplyCode::not_allowed, ReplyCode::unavailable,    ReplyCode::too_fast,    ReplyCode::try_later,
    ReplyCode::bye,
};

struct Desktop {
    int fd = -1;
    bool reads = true;
    bool logged_in = false;
    std::size_t lines_sent = 0;
    std::size_t answers = 0;
    std::uint64_t last_seq = 0;
    std::string in = {};
};

class Play {
public:
    Play();
    ~Play();

    void step(fuzz::Input& input);

private:
    void connect(Desktop& desktop, std::uint8_t how);
    void drop(Desktop& desktop, bool in_order);
    void say(Desktop& desktop, std::string_view bytes);
    void call(std::uint8_t which);
    std::string line(std::uint8_t which) const;
    void trouble(std::uint8_t what);
    void read(Desktop& desktop);
    void line_came(Desktop& desktop, std::string_view line);
    void answer(Desktop& desktop, std::string_view line);
    void look();

    World world_{1};
    Services services_;
    Switchboard switchboard_;
    std::array<Desktop, max_clients> desktops_;
    std::string token_ = "k1.AAAA"; // the last that somebody was told
    std::size_t logins_ = 0;        // that were answered so
    unsigned life_ = 0;
    int floods_ = 0;
    std::unique_ptr<Server> server_;
};

Play::Play() {
    services_.accounts["user0"] = {"secret", std::string(32, 'a'), devices[0]};
    services_.accounts["user1"] = {"secret", std::string(32, 'b'), devices[1]};
    services_.desk = devices[2];
    for (const char* const device : devices)
        switchboard_.add(device, device == devices[0] ? "user0" : "user1");
    trouble(0);
}

// Starts it, if it does not run.
void Play::trouble(std::uint8_t what) {
    switch (what % 5) {
    case 1:
        services_.accounts_away = !services_.accounts_away;
        return;
    case 2:
        ++services_.accounts["user0"].changed;
        return;
    case 3:
        server_->reception().say_goodbye();
        break;
    default:
        services_.lose_writes();
    }
    server_.reset();
    for (auto& desktop : desktops_)
        read(desktop);
    server_ = std::make_unique<Server>(switchboard_);
    switchboard_.serve(server_->reception(), ++life_);
}

void Play::connect(Desktop& desktop, std::uint8_t how) {
    drop(desktop, true);
    desktop = {};
    const std::size_t room = (how & 4U) != 0 ? 300 : 65536;
    const char* const address = (how & 2U) != 0 ? "127.0.0.1" : "10.9.0.1";
    desktop.fd = (how & 1U) != 0 ? server_->connect(Server::Door::local, {}, room, (how >> 3U) & 1U)
                                 : server_->connect(Server::Door::plain, address, room);
}

void Play::drop(Desktop& desktop, bool in_order) {
    if (auto* socket = world_.socket(desktop.fd))
        (in_order ? socket->ended : socket->is_reset) = true;
    desktop.fd = -1;
}

// What an input would not find by itself.
std::string Play::line(std::uint8_t which) const {
    switch (which % 12) {
    case 0:
        return "HELO 2\n";
    case 1:
        return "AUTH EXTERNAL\n";
    case 2:
        return "AUTH PLAIN " + base::to_base64(std::string("\0user0\0secret", 13)) + "\n";
    case 3:
        return "AUTH PLAIN " + base::to_base64(std::string("\0user1\0wrong", 12)) + "\n";
    case 4:
        return "@t AUTH TOKEN " + token_ + "\r\n";
    case 5:
        return "USER user0\nPASS " + std::string(32, 'a') + "\n";
    case 6:
        return "CALLS\n";
    case 7:
        return "TOKEN\n";
    case 8:
        return "EXT SIP/desk\n";
    case 9:
        return "ORIG 201|demo|1\n";
    case 10:
        return "NOOP " + std::string(16U * which, 'x') + "\n";
    default: {
        std::string many;
        for (int i = 0; i < which; ++i)
            many += "NOOP\n";
        return many;
    }
    }
}

void Play::say(Desktop& desktop, std::string_view bytes) {
    auto* const socket = world_.socket(desktop.fd);
    if (!socket || socket->ended)
        return;
    desktop.lines_sent += static_cast<std::size_t>(std::ranges::count(bytes, '\n'));
    socket->to_server += bytes;
}

// One event, or so many that a slow client loses some: these take long.
void Play::call(std::uint8_t which) {
    constexpr std::uint8_t flood = 240;
    const bool is_flood = which >= flood && floods_ < max_floods;
    floods_ += is_flood ? 1 : 0;
    for (int i = 0; i < (is_flood ? events_of_flood : 1); ++i)
        switchboard_.change(devices[which % devices.size()], is_flood);
}

void Play::step(fuzz::Input& input) {
    const auto what = input.byte();
    const auto with = input.byte();
    auto& desktop = desktops_[what % max_clients];
    switch ((what / max_clients) % 9) {
    case 0:
        connect(desktop, with);
        break;
    case 1:
        drop(desktop, with < 128);
        break;
    case 2:
    case 3:
        say(desktop, input.bytes(with % 64U));
        break;
    case 4:
        say(desktop, line(with));
        break;
    case 5:
        world_.pass(with * static_cast<Time>(with) * millisecond / 2); // up to half a minute
        break;
    case 6:
        desktop.reads = with < 128;
        break;
    case 7:
        call(with);
        break;
    default:
        trouble(with);
    }
    look();
}

void Play::look() {
    world_.settle();
    for (auto& desktop : desktops_)
        if (desktop.reads)
            read(desktop);
    world_.settle();
    auto& reception = server_->reception();
    for (const auto& session : reception.sessions().all())
        if (const auto* connection = reception.clients().find(session.id))
            must(connection->unsent() <= clients::Outbox::hard_limit, "a queue has a limit");
    must(logins_ <= services_.accepted, "nobody is let in who was not accepted");
    must(world_.broken().empty(), world_.broken().c_str());
}

void Play::read(Desktop& desktop) {
    auto* const socket = world_.socket(desktop.fd);
    if (!socket)
        return;
    desktop.in += std::exchange(socket->to_client, {});
    std::size_t begin = 0;
    for (auto end = desktop.in.find('\n'); end != desktop.in.npos;
         end = desktop.in.find('\n', begin)) {
        line_came(desktop, std::string_view(desktop.in).substr(begin, end - begin));
        begin = end + 1;
    }
    desktop.in.erase(0, begin);
    if (socket->is_over)
        desktop.fd = -1;
}

void Play::line_came(Desktop& desktop, std::string_view line) {
    must(!line.empty(), "no line is empty");
    if (line.front() == '@' || (line.front() >= '0' && line.front() <= '9')) {
        answer(desktop, line);
        return;
    }
    must(desktop.logged_in, "nothing is told before the login");
    constexpr std::string_view seq = " seq=\"";
    const auto at = line.find(seq);
    if (line.front() != '<' || at == line.npos) {
        must(line.starts_with("<event id=") || line.starts_with("<call>") ||
                 line.starts_with("\t<") || line == "</call></event>",
             "a line is an answer, an event, or part of an event of the original");
        return;
    }
    std::uint64_t number = 0;
    std::from_chars(line.data() + at + seq.size(), line.data() + line.size(), number);
    must(number == ++desktop.last_seq, "events are numbered without a gap");
    must(line.ends_with('>'), "an event is whole");
}

void Play::answer(Desktop& desktop, std::string_view line) {
    if (desktop.answers++ == 0)
        must(std::string(line) + '\n' == protocol::welcome_line, "the welcome comes first");
    // The welcome, a goodbye, and a line that is too long before it ends.
    must(desktop.answers <= desktop.lines_sent + 3, "nothing is answered twice");
    const auto reply = protocol::read_reply(line);
    must(reply && std::ranges::find(codes, static_cast<ReplyCode>(reply->code)) != codes.end(),
         "an answer has a code that PROTOCOL.md has");
    if (reply->code == static_cast<int>(ReplyCode::logged_in)) {
        must(!desktop.logged_in, "one login is enough");
        desktop.logged_in = true;
        ++logins_;
    }
    if (const auto at = line.find("token=k"); at != line.npos)
        token_ = line.substr(at + 6, line.find(' ', at) - at - 6);
}

Play::~Play() {
    for (int fd = World::first_fd; auto* socket = world_.socket(fd); ++fd)
        socket->is_reset = true;
    world_.pass(6 * second); // a login may be under way
    must(server_->reception().clients().size() == 0, "nobody is left when all are gone");
    server_.reset();
    must(world_.open_sockets() == 0, "no descriptor is left");
    must(world_.broken().empty(), world_.broken().c_str());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    base::set_log_level(base::LogLevel::error);
    fuzz::Input input(data, size);
    Play play;
    for (int i = 0; i < max_steps && !input.is_empty(); ++i)
        play.step(input);
    return 0;
}
