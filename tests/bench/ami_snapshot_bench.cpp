// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs to be told of 20,000 channels while calls go on: in pairs of a reference, which
// reads the bytes from a socket and does nothing with them, and a subject, which reads them and
// makes a model of them.
//   ami_snapshot_bench FILE PAIRS    FILE is the trace of one call, whose events come in between
// Prints "pair REFERENCE SUBJECT" in nanoseconds.
#include "daemon/base/memory.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/pipeline.hpp"

#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace astcti;

namespace {

constexpr int channels = 20000;
// At least so many of the calls that go on: 5,000 a second, and that Asterisk needs a second for
// its list.
constexpr std::size_t live_events = 5000;
constexpr std::size_t told_of_a_call = 9; // queue-101.all.told

// As Asterisk 22 lists a channel.
std::string channel_item(int serial) {
    return fmt::format(
        "Event: CoreShowChannel\r\nActionID: {}\r\nChannel: PJSIP/{}-{:08x}\r\nChannelState: 6\r\n"
        "ChannelStateDesc: Up\r\nCallerIDNum: {}\r\nCallerIDName: Demo {}\r\n"
        "ConnectedLineNum: 390612345678\r\nConnectedLineName: A customer\r\nLanguage: en\r\n"
        "AccountCode: \r\nContext: astctidemo\r\nExten: 100\r\nPriority: 7\r\n"
        "Uniqueid: 1795406000.{}\r\nLinkedid: 1795406000.{}\r\nChanVariable: calldata=12345\r\n"
        "Application: {}\r\nApplicationData: PJSIP/{}\r\nDuration: 00:01:07\r\n"
        "BridgeId: {:036}\r\n\r\n",
        bench::Pipeline::channels_id, 1000 + serial, serial, 1000 + serial, serial, serial,
        serial / 2 * 2, serial % 2 == 0 ? "Dial" : "AppDial", serial, serial / 2);
}

std::string bridge_item(int number) {
    return fmt::format("Event: BridgeListItem\r\nActionID: {}\r\nBridgeUniqueid: {:036}\r\n"
                       "BridgeType: basic\r\nBridgeTechnology: simple_bridge\r\n"
                       "BridgeCreator: <unknown>\r\nBridgeName: <unknown>\r\n"
                       "BridgeNumChannels: 2\r\nBridgeVideoSourceMode: none\r\n\r\n",
                       bench::Pipeline::bridges_id, number);
}

std::vector<std::string> packets_of(std::string_view text) {
    constexpr std::string_view empty_line = "\r\n\r\n";
    std::vector<std::string> packets;
    for (auto end = text.find(empty_line); end != text.npos; end = text.find(empty_line)) {
        packets.emplace_back(text.substr(0, end + empty_line.size()));
        text.remove_prefix(end + empty_line.size());
    }
    return packets;
}

std::string complete(std::string_view name, std::string_view id) {
    return fmt::format("Event: {}\r\nActionID: {}\r\nEventList: Complete\r\n\r\n", name, id);
}

struct Answer {
    std::string bytes;
    std::size_t calls = 0; // that began and ended meanwhile
};

// Asterisk writes the channels in one piece, so what goes on comes before them: here some of it
// between the bridges, the rest around the list of queues. ARCHITECTURE.md section 3.2.
Answer answer(const std::string& trace) {
    Answer out;
    std::vector<std::string> live;
    for (; live.size() < live_events; ++out.calls)
        for (auto& packet : packets_of(bench::with_ids(trace, static_cast<int>(out.calls))))
            live.push_back(std::move(packet));
    std::size_t next = 0;
    const auto add_live = [&](std::size_t until) {
        for (; next < until; ++next)
            out.bytes += live[next];
    };
    constexpr int bridges = channels / 2;
    constexpr int bridges_an_event = bridges / (static_cast<int>(live_events) / 2);
    for (int number = 0; number < bridges; ++number) {
        out.bytes += bridge_item(number);
        if (number % bridges_an_event == 0)
            add_live(next + 1);
    }
    out.bytes += complete("BridgeListComplete", bench::Pipeline::bridges_id);
    add_live(live.size() * 3 / 4);
    out.bytes += complete("QueueStatusComplete", bench::Pipeline::queues_id);
    add_live(live.size());
    for (int serial = 0; serial < channels; ++serial)
        out.bytes += channel_item(serial);
    out.bytes += complete("CoreShowChannelsComplete", bench::Pipeline::channels_id);
    return out;
}

void check(bool good, const char* what) {
    if (!good)
        throw std::runtime_error(what);
}

// Both ends of a TCP connection to ourselves.
struct Connection {
    Connection() {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        check(::bind(listener, generic, size) == 0 && ::listen(listener, 1) == 0 &&
                  ::getsockname(listener, generic, &size) == 0,
              "cannot listen");
        here = ::socket(AF_INET, SOCK_STREAM, 0);
        check(::connect(here, generic, size) == 0, "cannot connect");
        there = ::accept(listener, nullptr, nullptr);
        ::close(listener);
    }
    ~Connection() {
        ::close(here);
        ::close(there);
    }
    Connection(const Connection&) = delete;

    int here = -1;
    int there = -1;
};

// Reads all that a thread sends; `to` gives the place for it, `use` is told how much came.
template <typename To, typename Use>
void receive(std::string_view bytes, To&& to, Use&& use) {
    const Connection connection;
    std::thread sender([&] {
        auto left = bytes;
        while (!left.empty()) {
            const auto count = ::send(connection.there, left.data(), left.size(), 0);
            if (count <= 0)
                return;
            left.remove_prefix(static_cast<std::size_t>(count));
        }
    });
    std::size_t received = 0;
    while (received < bytes.size()) {
        const auto count = ::recv(connection.here, to(), bench::read_size, 0);
        if (count <= 0)
            break;
        received += static_cast<std::size_t>(count);
        use(static_cast<std::size_t>(count));
    }
    sender.join();
}

int run(const std::string& file, int pairs) {
    const auto [whole, calls] = answer(bench::read_file(file));
    const std::string_view bytes = whole;
    std::vector<char> memory(bench::read_size);
    for (int pair = 0; pair < pairs; ++pair) {
        bench::Pipeline subject;
        bench::measure_pair(
            pair,
            [&] {
                receive(
                    bytes, [&] { return memory.data(); }, [](std::size_t) {});
            },
            [&] {
                receive(
                    bytes, [&] { return subject.parser().room(bench::read_size).data(); },
                    [&](std::size_t count) {
                        subject.parser().fed(count);
                        subject.read_on();
                    });
            });
        check(subject.has_snapshot, "the lists did not come to an end");
        check(subject.calls.legs().all().size() == channels, "not all channels are there");
        check(subject.lines_told() == calls * told_of_a_call,
              "of the calls that went on meanwhile not all, or too much, was told");
    }
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char* argv[]) {
    base::keep_memory(); // as astctid does
    try {
        if (argc == 3)
            return run(argv[1], std::atoi(argv[2]));
        std::fputs("usage: ami_snapshot_bench FILE PAIRS\n", stderr);
        return 64;
    } catch (const std::exception& error) {
        fmt::print(stderr, "ami_snapshot_bench: {}\n", error.what());
        return EXIT_FAILURE;
    }
}
