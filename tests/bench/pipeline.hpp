// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/recorder.hpp"
#include "daemon/ami/session.hpp"
#include "daemon/calls/call_table.hpp"
#include "daemon/clients/session.hpp"
#include "daemon/routing/router.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::bench {

inline constexpr calls::Clock now = 1795407000000000; // soon after the traces were made
inline constexpr std::size_t read_size = 65536;       // of the socket, at a time

// As the client reads: so many bytes at a time, then all packets that are whole.
template <typename Use>
void read_packets(ami::PacketParser& parser, ami::Packet& packet, std::string_view bytes,
                  Use&& use) {
    while (!bytes.empty()) {
        const auto count = std::min(bytes.size(), read_size);
        parser.feed(bytes.substr(0, count));
        bytes.remove_prefix(count);
        while (parser.next(packet) != ami::PacketParser::Status::need_more)
            use();
    }
}

// All that the daemon does between its sockets: from Asterisk's bytes to lines in the queues of
// two people, with the recording of what came. Logged in, and asking what there is.
class Pipeline {
public:
    Pipeline() {
        sessions_.add({1, "anna", "PJSIP/201", false});
        sessions_.add({2, "bert", "PJSIP/202", false});
        router_.set_account_devices({"PJSIP/200", "PJSIP/201", "PJSIP/202"});
        parser_.set_interest([this](std::string_view event, std::string_view text) {
            const bool wanted = ami::SnapshotQuery::needs(event) || ami::Doubt::begins(event) ||
                                calls.wants(event, text);
            if (!wanted) {
                if (!ami_.passed_over(text))
                    ami_.was_cut({});
                recorder_.received(text, parser_.raw_memory(), {});
            }
            return wanted;
        });
        ami_.banner("Asterisk Call Manager/11.0.0", {});
        recorder_.connected(ami_.greeting(), {});
        read("Response: Success\r\nActionID: astcti-1\r\nChallenge: 1\r\n\r\n"
             "Response: Success\r\nActionID: astcti-2\r\n\r\n");
        recorder_.snapshot_asked({});
        calls.begin_snapshot();
    }

    // Which ActionIDs it gave to its questions.
    static constexpr std::string_view bridges_id = "astcti-3";
    static constexpr std::string_view queues_id = "astcti-4";
    static constexpr std::string_view channels_id = "astcti-5";

    // There was nothing.
    void complete_snapshot() {
        read("Event: BridgeListComplete\r\nActionID: astcti-3\r\n\r\n"
             "Event: QueueStatusComplete\r\nActionID: astcti-4\r\n\r\n"
             "Event: CoreShowChannelsComplete\r\nActionID: astcti-5\r\n\r\n");
    }

    void read(std::string_view bytes) {
        for (auto& queue : queues_)
            queue.clear(); // has been sent
        read_packets(parser_, packet_, bytes, [this] { received(); });
        parser_.offer(recorder_.take_spare());
        told += lines_told();
    }

    ami::PacketParser& parser() noexcept { return parser_; }

    // What a read brought into the parser's room.
    void read_on() {
        while (parser_.next(packet_) != ami::PacketParser::Status::need_more)
            received();
        parser_.offer(recorder_.take_spare());
    }

    // That are in the queues.
    std::size_t lines_told() const {
        std::size_t lines = 0;
        for (const auto& queue : queues_)
            lines += static_cast<std::size_t>(std::ranges::count(queue, '\n'));
        return lines;
    }

    calls::CallTable calls{"pbx1", {"calldata"}};
    std::size_t told = 0; // lines, in all
    bool has_snapshot = false;

private:
    using Meaning = ami::Session::Meaning;

    void received() {
        const auto meaning = ami_.received(packet_, {});
        recorder_.received(parser_.raw(), parser_.raw_memory(), {});
        if (meaning == Meaning::event || meaning == Meaning::snapshot_item)
            tell(calls.apply(packet_, now));
        if (meaning == Meaning::snapshot_done) {
            tell(calls.end_snapshot(now));
            has_snapshot = true;
        }
    }

    void tell(const calls::Changes& changes) {
        if (changes.empty())
            return;
        for (const auto& delivery : router_.changed(calls, changes))
            queues_[delivery.to - 1] += clients_[delivery.to - 1].encode(
                std::get<protocol::EventBody>(delivery.event), now);
        calls.sweep();
    }

    ami::PacketParser parser_;
    ami::Packet packet_;
    ami::Session ami_{"ctimanager", "s3cret", {}};
    ami::Recorder recorder_;
    clients::SessionTable sessions_;
    routing::Router router_{sessions_};
    clients::DialPolicy policy_;
    std::array<clients::Session, 2> clients_{clients::Session(1, {}, sessions_, policy_),
                                             clients::Session(2, {}, sessions_, policy_)};
    std::array<std::string, 2> queues_;
};

} // namespace astcti::bench
