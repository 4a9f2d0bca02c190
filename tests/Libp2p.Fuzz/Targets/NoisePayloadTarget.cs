using System.Text;
using Libp2p.Crypto;
using Libp2p.Security.Noise;
using Libp2p.Security.Noise.Wire;
using Libp2p.TestKit;
using Libp2p.Wire;

namespace Libp2p.Fuzz.Targets;

/// <summary>What a stranger who does master the handshake may say in it: nobody is taken for somebody else, and early muxers are bounded.</summary>
internal sealed class NoisePayloadTarget() : FuzzTarget("noise-payload")
{
    private static readonly NoiseStaticKey DialerKey = new NoiseStaticKeys(ToyCurve.Instance).Get(TestIdentity.Dialer, new SeededRandomSource(1));
    private static readonly NoiseStaticKey ListenerKey = new NoiseStaticKeys(ToyCurve.Instance).Get(TestIdentity.Listener, new SeededRandomSource(2));

    // As in a node: what holds is checked once.
    private static readonly NoiseProvenKeys Proven = new(8);

    public override int MaxLength => 2000;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var payload = new NoiseHandshakePayload { IdentityKey = DialerKey.IdentityKey, IdentitySig = DialerKey.Signature };
            var bare = payload.ToArray();
            payload.Extensions = new NoiseExtensions();
            payload.Extensions.StreamMuxers.AddRange(["/yamux/1.0.0", "/a"]);
            payload.Extensions.WebtransportCerthashes.Add(new byte[34]);
            return [bare, payload.ToArray()];
        }
    }

    public override IReadOnlyList<byte[]> Dictionary { get; } = [Encoding.UTF8.GetBytes("\u0022\u0010\u0012\u000e/yamux/1.0.0"), [0x22, 4, 0x12, 2, (byte)'/', (byte)'a']];

    public override void Run(ReadOnlySpan<byte> input)
    {
        using var listener = new NoiseSession(false, [], ListenerKey, NewKey(3), null, ["/a"], 100, Proven, ToyAead.Instance);
        using var dialer = new NoiseHandshake(true, [], DialerKey.Key, NewKey(4), ToyAead.Instance);
        var first = new byte[dialer.Overhead];
        dialer.WriteMessage([], first);
        listener.HandleMessage(first);
        var second = new byte[listener.NextSize];
        listener.WriteNext(second);
        dialer.ReadMessage(second.AsSpan(NoiseSession.FrameHeader), new byte[second.Length]);
        var third = new byte[dialer.Overhead + input.Length];
        dialer.WriteMessage(input, third);
        try
        {
            listener.HandleMessage(third);
        }
        catch (SecureChannelException)
        {
            return;
        }

        Property.Holds(listener.RemoteKey.Equals(TestIdentity.Dialer.PublicKey), "somebody else was believed to be who sent this");
    }

    private static X25519PrivateKey NewKey(int seed) => NoiseStaticKey.NewKey(ToyCurve.Instance, new SeededRandomSource(seed));
}
