using Libp2p.Multiformats;
using Libp2p.Protocols.Identify;
using Libp2p.Protocols.Tests.Support;
using Libp2p.TestKit;
using Libp2p.Wire;

namespace Libp2p.Protocols.Tests.Identify;

public sealed class IdentifySelfTests : IAsyncDisposable
{
    private static readonly Multiaddr _observed = Multiaddr.Parse("/ip4/203.0.113.5/tcp/5");
    private readonly StillNode _node = new();
    private readonly TestRuntime _runtime = TestRuntime.Fake();
    private readonly IdentifySelf _self;

    public IdentifySelfTests() => _self = new IdentifySelf(_node, TestIdentity.Get(1), _runtime.Clock, new IdentifyOptions());

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public void It_says_everything()
    {
        _node.ListenAddresses = [Multiaddr.Parse("/ip4/10.0.0.1/tcp/4001")];
        _node.Protocols = [new("/a"), new("/b")];
        var message = _self.Describe(_observed).ShouldHaveSingleItem();
        var info = IdentifyReader.Read(message, TestIdentity.Get(1).PeerId, TestIdentity.Get(1).PublicKey, null, out var bad);
        bad.ShouldBeNull();
        info.ProtocolVersion.ShouldBe("ipfs/0.1.0");
        info.AgentVersion.ShouldNotBeNull().ShouldStartWith("Libp2p.Framework/");
        info.AgentVersion.ShouldNotContain("+");
        info.ObservedAddress.ShouldBe(_observed);
        info.ListenAddresses.ShouldBe(_node.ListenAddresses);
        info.Protocols.ShouldBe(_node.Protocols);
        info.SignedRecord!.Addresses.ShouldBe(_node.ListenAddresses);
        message.ListenAddrs.Count.ShouldBe(1);
        message.PublicKey!.Value.Span.SequenceEqual(TestIdentity.Get(1).PublicKey.Protobuf.Span).ShouldBeTrue();
    }

    [Fact]
    public void The_record_is_signed_anew_only_when_the_addresses_change_and_its_sequence_rises()
    {
        _self.Describe(_observed)[0].SignedPeerRecord.HasValue.ShouldBeFalse();
        _node.ListenAddresses = [Multiaddr.Parse("/ip4/10.0.0.1/tcp/1")];
        var first = Record()!;
        first.Sequence.ShouldBe(946_684_800_000_000_000UL);
        Record().ShouldBe(first);

        // The clock stands still, and may even go back.
        _node.ListenAddresses = [Multiaddr.Parse("/ip4/10.0.0.1/tcp/2")];
        var second = Record()!;
        second.Sequence.ShouldBe(first.Sequence + 1);
        second.Addresses.ShouldBe(_node.ListenAddresses);

        _node.ListenAddresses = [];
        Record().ShouldBeNull();
        _runtime.Clock.Advance(TimeSpan.FromSeconds(1));
        _node.ListenAddresses = [Multiaddr.Parse("/ip4/10.0.0.1/tcp/1")];
        Record()!.Sequence.ShouldBe(946_684_801_000_000_000UL);

        PeerRecord? Record() => _self.Describe(_observed)[0].SignedPeerRecord is { } envelope ? PeerRecord.Open(envelope.Span) : null;
    }

    [Fact]
    public void Row40_Whatever_there_is_to_say_no_part_exceeds_4_KiB_and_no_more_than_10_are_sent()
    {
        _node.ListenAddresses = [.. Enumerable.Range(0, 600).Select(static i => Multiaddr.Parse($"/dns4/{new string('a', 40)}{i}.example/tcp/{i}"))];
        _node.Protocols = [.. Enumerable.Range(0, 2000).Select(static i => new ProtocolId($"/some/rather/long/protocol/name/{i}/1.0.0"))];
        var parts = _self.Describe(_observed);
        parts.Count.ShouldBeInRange(2, 10);
        foreach (var part in parts)
        {
            part.GetSize().ShouldBeLessThanOrEqualTo(4096);
        }

        PeerRecord.Open(parts.Single(static part => part.SignedPeerRecord is not null).SignedPeerRecord!.Value.Span).Addresses.Length.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void A_long_message_is_read_back_whole()
    {
        _node.Protocols = [.. Enumerable.Range(0, 600).Select(static i => new ProtocolId($"/protocol/{i}/1.0.0"))];
        var bytes = _self.Describe(_observed).SelectMany(static part => part.ToDelimitedArray()).ToArray();
        var assembler = new IdentifyAssembler();
        var received = new System.Buffers.ReadOnlySequence<byte>(bytes);
        assembler.Take(ref received);
        received.IsEmpty.ShouldBeTrue();
        assembler.Message.Protocols.ShouldBe(_node.Protocols.Select(static protocol => protocol.Value));
    }

    [Fact]
    public void Options_name_each_problem()
    {
        new IdentifyOptions().Validate().ShouldBeEmpty();
        var problems = new IdentifyOptions
        {
            AgentVersion = new string('x', 1025),
            Timeout = TimeSpan.Zero,
            AddressLifetime = TimeSpan.Zero,
            PushDelay = TimeSpan.FromHours(1),
            MaxParallelPushes = 0,
            MaxPushesPerSecond = 0,
            MaxPushesPerSecondAndNetwork = double.NaN,
            PushBurst = 0,
        }.Validate().ToList();
        problems.Select(static problem => problem.Split(' ')[0]).ShouldBe(
        [
            nameof(IdentifyOptions.AgentVersion), nameof(IdentifyOptions.Timeout), nameof(IdentifyOptions.AddressLifetime), nameof(IdentifyOptions.PushDelay),
            nameof(IdentifyOptions.MaxParallelPushes), nameof(IdentifyOptions.MaxPushesPerSecond), nameof(IdentifyOptions.MaxPushesPerSecondAndNetwork), nameof(IdentifyOptions.PushBurst),
        ]);
    }
}
