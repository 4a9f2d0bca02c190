using System.Text;
using Libp2p.Multiformats;
using Libp2p.Muxers.Yamux;
using Libp2p.Security.Noise;
using Libp2p.Swarm.Upgrading;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Upgrading;

/// <summary>A dialer with one channel to offer does not wait to hear that it may speak.</summary>
public class OneChannelTests
{
    private const string Agreement = "\u0013/multistream/1.0.0\n\u0007/noise\n";

    /// <summary>What Noise's dialer says first: a length and an ephemeral key.</summary>
    private const int FirstMessage = 34;

    private static readonly ConnectionEndpoints _endpoints = new(Multiaddr.Parse("/memory/1"), Multiaddr.Parse("/memory/2"));

    [Fact]
    public async Task Proposal_and_first_message_leave_together_and_so_do_agreement_and_answer()
    {
        await using var nodes = new StackNodes();
        await using var wire = BytePair.Create();
        var (up, down) = (Pieces(wire.ToListener), Pieces(wire.ToDialer));
        await UpgradeAsync(wire, Make(nodes, 1), Make(nodes, 2));
        Encoding.ASCII.GetString(up[0][..^FirstMessage]).ShouldBe(Agreement);
        Encoding.ASCII.GetString(down[0][..Agreement.Length]).ShouldBe(Agreement);
        down[0].Length.ShouldBeGreaterThan(Agreement.Length + FirstMessage, "Noise's second message is in the same piece");
        up[1][0].ShouldBe((byte)0, "the third message, with its length, is the next thing that leaves");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_agreement_may_come_in_any_pieces(bool scattered)
    {
        await using var nodes = new StackNodes();
        await using var wire = BytePair.Create(new BytePairOptions { Segmentation = scattered ? MemorySegmentation.ScatteredBytes : MemorySegmentation.SingleBytes });
        await UpgradeAsync(wire, Make(nodes, 1), Make(nodes, 2));
    }

    [Fact]
    public async Task A_remote_that_refuses_is_told_apart_from_a_handshake_that_fails()
    {
        await using var nodes = new StackNodes();
        await using var wire = BytePair.Create();
        await wire.Listener.Output.WriteAsync(Encoding.ASCII.GetBytes("\u0013/multistream/1.0.0\n\u0003na\n"));
        var dialing = DialAsync(Make(nodes, 1), wire).AsTask();
        (await Should.ThrowAsync<UnsupportedProtocolException>(dialing.Within())).Message.ShouldContain("/noise");
    }

    [Fact]
    public async Task With_a_choice_of_channels_the_dialer_waits_for_the_answer()
    {
        await using var nodes = new StackNodes();
        await using var wire = BytePair.Create();
        var (up, down) = (Pieces(wire.ToListener), Pieces(wire.ToDialer));
        var dialer = Make(nodes, 1);
        dialer.Exports.Add<ISecurityChannel>(new Other());
        await UpgradeAsync(wire, dialer, Make(nodes, 2));
        Encoding.ASCII.GetString(up[0]).ShouldBe(Agreement);
        Encoding.ASCII.GetString(down[0]).ShouldBe(Agreement);
    }

    private static SwarmNode Make(StackNodes nodes, byte number)
    {
        var node = nodes.Make(number);
        nodes.Add(node, new NoisePlugin());
        nodes.Add(node, new YamuxPlugin());
        return node;
    }

    private static List<byte[]> Pieces(MemoryWay way)
    {
        var pieces = new List<byte[]>();
        way.Tamper = (_, bytes) =>
        {
            pieces.Add(bytes);
            return bytes;
        };
        return pieces;
    }

    private static async Task UpgradeAsync(BytePair wire, SwarmNode dialer, SwarmNode listener)
    {
        var dialing = DialAsync(dialer, wire).AsTask();
        var upgrader = new Upgrader(listener.Context);
        var context = upgrader.MakeContext(ConnectionDirection.Inbound, ConnectionRole.Listener, null, new TestScope(), null);
        var accepted = await upgrader.UpgradeAsync(wire.Listener, context, _endpoints, CancellationToken.None).AsTask().Within();
        var dialed = await dialing.Within();
        dialed.Security.Value.ShouldBe("/noise");
        dialed.Secure.RemotePeer.ShouldBe(listener.PeerId);
        accepted.Secure.RemotePeer.ShouldBe(dialer.PeerId);
        await dialed.Secure.DisposeAsync();
        await accepted.Secure.DisposeAsync();
    }

    private static ValueTask<Upgraded> DialAsync(SwarmNode dialer, BytePair wire)
    {
        var upgrader = new Upgrader(dialer.Context);
        var context = upgrader.MakeContext(ConnectionDirection.Outbound, ConnectionRole.Dialer, null, new TestScope(), null);
        return upgrader.UpgradeAsync(wire.Dialer, context, _endpoints, CancellationToken.None);
    }

    private sealed class Other : ISecurityChannel
    {
        public ProtocolId Protocol { get; } = new("/other/1.0.0");

        public bool DialerSpeaksFirst => true;

        public ValueTask<SecuredBytes> SecureAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
