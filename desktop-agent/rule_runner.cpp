// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rule_runner.hpp"

#include "desktop-agent/log/log.hpp"

#include <fmt/format.h>

namespace astcti {
namespace {

using protocol::CallState;
using rules::Moment;
using why::Part;

bool rings(const protocol::Call& call) noexcept {
    return call.state == (call.direction == protocol::Direction::inbound ? CallState::ringing
                                                                         : CallState::alerting);
}

std::string_view whose(rules::Origin origin) noexcept {
    switch (origin) {
    case rules::Origin::person:
        return "your own";
    case rules::Origin::administrator:
        return "the administrator's";
    case rules::Origin::server:
        break;
    }
    return "the server's";
}

} // namespace

RuleRunner::RuleRunner(const Glib::RefPtr<Gio::DBus::Connection>& bus, OnNote note,
                       OnTrouble trouble)
    : note_(std::move(note)), trouble_(std::move(trouble)),
      launcher_(bus,
                [this](const launch::Cause& cause, launch::Result result, const std::string& text) {
                    note_(cause.call, Part::start, to_word(result), text);
                    if (result == launch::Result::refused || result == launch::Result::failed)
                        trouble_(text);
                }) {}

protocol::Call RuleRunner::rewritten(const protocol::Call& call) const {
    auto out = call;
    protocol::rewrite_peer(rules_.numbers, out);
    return out;
}

void RuleRunner::update(const protocol::Call& told, bool is_old) {
    const auto call = rewritten(told);
    auto* once = rings(call)                         ? &rang_
                 : call.state == CallState::ended    ? &ended_
                 : call.state == CallState::answered ? &talked_
                                                     : nullptr;
    if (!once || protocol::is_alone(call))
        return;
    // A call ends once, whoever the other party was.
    const bool is_end = once == &ended_;
    const bool went_on = once->knows(call.id);
    if (!once->first(call.id, is_end ? "" : call.peer_number, is_end ? "" : call.peer_uniqueid))
        return;
    if (is_old) {
        note_(call.id, Part::rule, "skipped", "the call was there before the agent came");
        return;
    }
    run(rings(call) ? Moment::ringing
        : is_end    ? Moment::ended
        : went_on   ? Moment::peer_changed
                    : Moment::answered,
        call);
}

void RuleRunner::run(Moment moment, const protocol::Call& call) {
    const auto decision = rules::decide(rules_.rules, moment, call);
    tell(moment, decision, call.id);
    if (decision.rule)
        start(*decision.rule, call, {});
    else if (moment == Moment::answered)
        log::message(fmt::format("call {}: no rule for context \"{}\"", call.id, call.context));
}

void RuleRunner::tell(Moment moment, const rules::Decision& decision, const std::string& call) {
    std::size_t told = 0;
    std::size_t more = 0;
    for (std::size_t i = 0; i < decision.tried.size(); ++i) {
        const auto& tried = decision.tried[i];
        const auto& rule = rules_.rules[i];
        // A rule of another moment is told at that, and at the answer, where people look first.
        const bool asked = rule.moment == moment || moment == Moment::answered ||
                           (moment == Moment::peer_changed && rule.moment == Moment::answered);
        if (!asked)
            continue;
        if (told == max_told_rules && !tried.matched) {
            ++more;
            continue;
        }
        ++told;
        const auto what = fmt::format("rule \"{}\", {}, when {}", tried.rule, whose(tried.origin),
                                      to_word(moment));
        note_(call, Part::rule, tried.matched ? "matched" : "skipped",
              tried.matched ? what + ": matched" : what + ": " + tried.why);
    }
    if (moment == Moment::answered && !rules_.servers_fault.empty())
        note_(call, Part::rule, "skipped",
              "no rule of the server is used: " + rules_.servers_fault);
    if (more != 0)
        note_(call, Part::rule, "skipped", fmt::format("{} more rules did not match", more));
    if (!decision.rule)
        note_(call, Part::rule, "none",
              fmt::format("when {}: {}", to_word(moment),
                          decision.tried.empty() ? "there are no rules" : "no rule matched"));
}

std::string RuleRunner::offered(const protocol::Call& told) const {
    const auto decision = rules::decide(rules_.rules, Moment::answered, rewritten(told));
    return decision.rule ? decision.rule->name : std::string();
}

void RuleRunner::open_now(const protocol::Call& told, const std::string& activation_token) {
    const auto call = rewritten(told);
    const auto decision = rules::decide(rules_.rules, Moment::answered, call);
    if (!decision.rule)
        return;
    talked_.first(call.id, call.peer_number, call.peer_uniqueid);
    note_(call.id, Part::rule, "asked",
          fmt::format("rule \"{}\": you clicked", decision.rule->name));
    start(*decision.rule, call, activation_token);
}

void RuleRunner::start(const rules::Rule& rule, const protocol::Call& call,
                       const std::string& token) {
    trouble_({});
    const launch::Cause cause{call.id, rule.name, token};
    const auto start = rules::start_for(rule, call);
    if (const auto* url = std::get_if<rules::OpenUrl>(&start))
        launcher_.open(cause, url->url);
    else if (const auto* run = std::get_if<rules::Run>(&start))
        launcher_.run(cause, run->words);
    else
        launcher_.refuse(cause, "not started: " + std::get<rules::Refused>(start).why);
}

} // namespace astcti
