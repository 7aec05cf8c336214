// SPDX-License-Identifier: GPL-3.0-or-later
// What reading AMI costs, in pairs of a reference and a subject, which tests/bench/run judges.
//   ami_bench tokenise FILE PAIRS    a memchr line split; packets of the same bytes
//   ami_bench relevant FILE PAIRS    packets; what the sessions concerned are told, as XML
//   ami_bench unneeded FILE PAIRS    packets; passing over the same ones, which nobody needs
//   ami_bench relevant-profile FILE N  the subject of `relevant` alone, for a profiler
// Prints "pair REFERENCE SUBJECT" in nanoseconds, and "allocations N" of a subject that is to
// make none: those after its first round, in which buffers grow to their size.
#include "daemon/base/memory.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/pipeline.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <vector>

using namespace astcti;

namespace {

std::size_t allocations = 0;

} // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

constexpr int rounds = 200; // of each side in a pair: some milliseconds

volatile std::size_t sink = 0; // what is computed is used

// Bytes to packets.
struct Tokenise {
    ami::PacketParser parser;
    ami::Packet packet;

    std::size_t run(std::string_view bytes) {
        std::size_t headers = 0;
        bench::read_packets(parser, packet, bytes, [&] { headers += packet.headers().size(); });
        return headers;
    }
};

// The trace as often as there are rounds, each time a call of its own.
std::vector<std::string> calls_of(const std::string& file) {
    const auto bytes = bench::read_file(file);
    std::vector<std::string> calls;
    for (int round = 0; round < rounds; ++round)
        calls.push_back(bench::with_ids(bytes, round));
    return calls;
}

int tokenise(const std::string& file, int pairs) {
    const auto calls = calls_of(file);
    Tokenise subject;
    const auto run = [&] {
        for (const auto& call : calls)
            sink = sink + subject.run(call);
    };
    run();
    allocations = 0;
    for (int pair = 0; pair < pairs; ++pair)
        bench::measure_pair(
            pair,
            [&] {
                for (const auto& call : calls)
                    sink = sink + bench::split(call);
            },
            run);
    fmt::print("allocations {}\n", allocations);
    return EXIT_SUCCESS;
}

int relevant(const std::string& file, int pairs) {
    constexpr std::size_t events = 9; // of one call: queue-101.all.told
    const auto calls = calls_of(file);
    Tokenise reference;
    for (int pair = 0; pair < pairs; ++pair) {
        bench::Pipeline subject;
        subject.complete_snapshot();
        bench::measure_pair(
            pair,
            [&] {
                for (const auto& call : calls)
                    sink = sink + reference.run(call);
            },
            [&] {
                for (const auto& call : calls)
                    subject.read(call);
            });
        if (subject.told != events * rounds) {
            fmt::print(stderr, "ami_bench: {} events were told, not {}\n", subject.told,
                       events * rounds);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

int profile(const std::string& file, int repeats) {
    const auto calls = calls_of(file);
    for (int i = 0; i < repeats; ++i) {
        bench::Pipeline subject;
        subject.complete_snapshot();
        for (const auto& call : calls)
            subject.read(call);
        sink = sink + subject.told;
    }
    return EXIT_SUCCESS;
}

// The packets that the table of calls has no use for.
std::string unneeded_part(std::string_view bytes) {
    calls::CallTable table("pbx1", {"calldata"});
    ami::PacketParser parser;
    ami::Packet packet;
    std::string part;
    bench::read_packets(parser, packet, bytes, [&] {
        if (!packet.event().empty() && !ami::SnapshotQuery::needs(packet.event()) &&
            !table.wants(packet.event(), parser.raw()))
            part += parser.raw();
        table.apply(packet, bench::now);
    });
    return part;
}

int unneeded(const std::string& file, int pairs) {
    const auto part = unneeded_part(bench::read_file(file));
    Tokenise reference;
    bench::Pipeline subject;
    subject.complete_snapshot();
    const auto run = [&] {
        for (int i = 0; i < rounds; ++i)
            subject.read(part);
    };
    // Until what is kept of the past is as much as is ever kept.
    for (std::size_t kept = 0; kept < 2 * ami::Recorder::max_size; kept += rounds * part.size())
        run();
    std::size_t made = 0;
    for (int pair = 0; pair < pairs; ++pair)
        bench::measure_pair(
            pair,
            [&] {
                for (int i = 0; i < rounds; ++i)
                    sink = sink + reference.run(part);
            },
            [&] {
                const auto before = allocations;
                run();
                made += allocations - before;
            });
    fmt::print("allocations {}\n", made);
    return subject.told == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main(int argc, char* argv[]) {
    base::keep_memory(); // as astctid does
    const std::string_view what = argc == 4 ? argv[1] : "";
    if (what == "tokenise")
        return tokenise(argv[2], std::atoi(argv[3]));
    if (what == "relevant")
        return relevant(argv[2], std::atoi(argv[3]));
    if (what == "relevant-profile")
        return profile(argv[2], std::atoi(argv[3]));
    if (what == "unneeded")
        return unneeded(argv[2], std::atoi(argv[3]));
    std::fputs("usage: ami_bench tokenise|relevant|unneeded FILE PAIRS\n", stderr);
    return 64;
}
