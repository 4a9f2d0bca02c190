using System.Text;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Fuzz.Targets;

/// <summary>Signed envelopes: what is taken is what somebody signed.</summary>
internal sealed class EnvelopeTarget() : FuzzTarget("envelope")
{
    public static readonly PeerRecord Record = new(TestIdentity.Dialer.PeerId, 7, [Multiaddr.Parse("/ip4/1.2.3.4/tcp/5"), Multiaddr.Parse("/dns4/a.b/tcp/443/tls/ws")]);
    private static readonly SignedEnvelope Genuine = Record.Seal(TestIdentity.Dialer.Key);

    public override int MaxLength => 1500;

    public override IEnumerable<byte[]> Seeds => [Genuine.Encoded.ToArray(), SignedEnvelope.Seal(TestIdentity.Listener.Key, "other", "/x"u8, "y"u8).Encoded.ToArray()];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (SignedEnvelope.TryOpen(input, PeerRecord.Domain, out var envelope, out var error))
        {
            Property.Same(envelope.Encoded.Span, input, "passed on as it was not read");
            Property.Same(envelope.Payload.Span, Genuine.Payload.Span, "a payload that nobody signed");
            Property.Same(envelope.PayloadType.Span, Genuine.PayloadType.Span, "a type that nobody signed");
            Property.Holds(envelope.Signer == Genuine.Signer, "somebody else signed it");
        }
        else
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
        }

        try
        {
            Property.Holds(PeerRecord.Open(input).Equals(Record), "a record that nobody signed");
        }
        catch (RecordException)
        {
        }
    }
}

/// <summary>Peer records without a signature: bounded, and the same after writing.</summary>
internal sealed class PeerRecordTarget() : FuzzTarget("peer-record")
{
    public override IEnumerable<byte[]> Seeds => [EnvelopeTarget.Record.ToProtobuf(), new PeerRecord(TestIdentity.Dialer.PeerId, ulong.MaxValue, []).ToProtobuf()];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0x1a, 0x0a, 0x0a, 8, 4, 1, 2, 3, 4, 6, 0, 5], Encoding.UTF8.GetBytes("a.b")];

    public override void Run(ReadOnlySpan<byte> input)
    {
        PeerRecord record;
        try
        {
            record = PeerRecord.FromProtobuf(input);
        }
        catch (RecordException)
        {
            return;
        }

        Property.Holds(record.Addresses.Length <= PeerRecord.MaxAddresses, "too many addresses");
        Property.Holds(PeerRecord.FromProtobuf(record.ToProtobuf()).Equals(record), "another record on the second reading");
        foreach (var address in record.Addresses)
        {
            Property.Holds(address.PeerIdBytes.IsEmpty, $"{address} names a peer");
        }
    }
}
