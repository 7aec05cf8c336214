// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::test {

// Whose events have a shape of their own.
enum class Version { v1_4, v1_6, v1_8, v11, v22 };

using Headers = std::vector<std::pair<std::string, std::string>>;

// A channel as Asterisk sees it. What is changed here is told with the channel's next event.
struct Channel {
    std::string name;
    std::string uniqueid;
    std::string number;
    std::string person;
    std::string exten;
    std::string linkedid;
    std::string state = "Down";
    std::string connected_number{};
    std::string connected_person{};
    std::string context = "demo";
    std::string application{};
    std::string bridge{};  // 22
    std::string partner{}; // older: the uniqueid of whom it talks to
    std::string partner_name{};
    Headers variables{}; // that channelvars= tells, from 1.8 on
};

// Writes what an Asterisk of that version would send.
class Pbx {
public:
    explicit Pbx(Version version = Version::v22) : version_(version) {}

    bool is_modern() const noexcept { return version_ == Version::v22; }
    std::string technology() const { return is_modern() ? "PJSIP/" : "SIP/"; }

    // Not told of yet. `device` has its technology: "SIP/201". `suffix`: ";1".
    Channel channel(const std::string& device, const std::string& number = "",
                    const std::string& person = "", const std::string& exten = "s");
    // The two halves of a Local channel.
    std::pair<Channel, Channel> local(const std::string& device);

    // Newchannel, and before 1.6.2 the step of the dialplan that alone says what was dialled.
    void begin(Channel& channel, const std::string& state = "Down");
    // begin() of a telephone that calls.
    void calls(Channel& channel) { begin(channel, "Ring"); }
    void state(Channel& channel, const std::string& state);
    void step(const Channel& channel, const std::string& application, const std::string& data = "");
    // calldata, by what the version has for it.
    void set(Channel& channel, const std::string& value);
    void caller_id(const Channel& channel, int presentation = 0);

    // Dial; with a queue AgentCalled, too. What the called one shows is told with it.
    void dial(const Channel& from, Channel& to, const std::string& queue = "");
    void originate(const Channel& to);
    void dial_ends(const Channel& from, const Channel& to, const std::string& status,
                   const std::string& forward = "");
    // `to` is called, rings and answers, and the two talk.
    void answered_call(Channel& from, Channel& to);
    void answer(Channel& from, Channel& to);

    void connect(Channel& one, Channel& other);
    void disconnect(Channel& one, Channel& other);
    void enter(Channel& channel, const std::string& bridge,
               const std::string& technology = "simple_bridge",
               const std::string& creator = "<unknown>");
    void leave(Channel& channel);
    void hold(const Channel& channel, bool on);
    void join(const Channel& channel, const std::string& queue);
    // What the masquerade of `taken` makes: `by` has its name, and `taken` is a zombie that goes.
    void masquerade(Channel& by, Channel& taken);
    void rename(Channel& channel, const std::string& name);
    void hang_up(Channel& channel, int cause = 16);

    // The answer to CoreShowChannels or Status.
    void list(const std::vector<const Channel*>& channels);
    void list_begins();
    void list_item(const Channel& channel);
    void list_ends();

    void event(const std::string& name, const Headers& headers);
    // Of an event about a channel, with what the version tells along.
    Headers about(const Channel& channel, const std::string& prefix = "") const;

    // All that was written, from then on anew.
    std::string take() { return std::exchange(out_, {}); }

private:
    bool is_first() const noexcept { return version_ == Version::v1_4; }
    Headers state_of(const Channel& channel) const;
    Headers caller_of(const Channel& channel) const;
    Headers connected_of(const Channel& channel) const;
    Headers variables_of(const Channel& channel, const std::string& prefix = "") const;
    void link(const std::string& how, const Channel& one, const Channel& other);

    Version version_;
    int count_ = 0;
    int bridges_ = 0;
    std::string out_;
};

} // namespace astcti::test
