using System.Text;
using Libp2p.Node;
using Libp2p.Node.Commands.Inspect;
using Libp2p.TestKit;

namespace Libp2p.Fuzz.Targets;

/// <summary>Records of names: what is taken says what was signed, and nothing else.</summary>
internal sealed class IpnsRecordTarget() : FuzzTarget("ipns-record")
{
    private static readonly DateTimeOffset End = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly IpnsRecord Genuine = IpnsRecord.Create(TestIdentity.Dialer.Key, "/ipfs/bafkqaaa", 7, End);
    private static readonly IpnsRecord Newer = IpnsRecord.Create(TestIdentity.Dialer.Key, "/ipfs/bafkqaaa", 7, End, withOlderForm: false);

    public override int MaxLength => 1000;

    public override IEnumerable<byte[]> Seeds => [Genuine.Encoded.ToArray(), Newer.Encoded.ToArray()];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!IpnsRecord.TryOpen(TestIdentity.Dialer.PeerId, input, out var record, out var error))
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
            return;
        }

        Property.Same(record.Encoded.Span, input, "passed on as it was not read");
        Property.Holds((record.ValueText, record.Sequence, record.ValidityText) == (Genuine.ValueText, 7UL, Genuine.ValidityText), "says what nobody signed");
    }
}

/// <summary>What an IPNS record signs, before its signature is looked at: a map in DAG-CBOR.</summary>
internal sealed class IpnsDataTarget() : FuzzTarget("ipns-data")
{
    public override int MaxLength => 1000;

    public override IEnumerable<byte[]> Seeds =>
    [
        new IpnsData("/ipfs/x"u8, IpnsTime.Of(DateTimeOffset.UnixEpoch), 1, 2).ToCbor(),
        new IpnsData(default, IpnsTime.Of(DateTimeOffset.UnixEpoch), ulong.MaxValue, long.MaxValue).ToCbor(),
    ];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0xA6], [0x61, 0x61, 0xF6], [0xD8, 0x2A, 0x45, 0x00, 0x01, 0x55, 0x00, 0x00], [0x9B, 0, 0, 0, 1, 0, 0, 0, 0], [0xFB, 0, 0, 0, 0, 0, 0, 0, 0], [0x81], [0x20]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (IpnsData.Read(input, out var data) is not null) return;
        var written = data.ToCbor();
        Property.Holds(IpnsData.Read(written, out var again) is null && again.Value.SequenceEqual(data.Value) && again.Sequence == data.Sequence, "other data on the second reading");
        if (input[0] == 0xA5) Property.Same(written, input, "written otherwise than it was read");
    }
}

/// <summary>Records as peers keep them for each other.</summary>
internal sealed class DhtRecordTarget() : FuzzTarget("dht-record")
{
    public override IEnumerable<byte[]> Seeds =>
    [
        new DhtRecord(RecordKey.OfName(TestIdentity.Dialer.PeerId), IpnsRecordTarget.Genuine.Encoded) { TimeReceived = DateTimeOffset.UnixEpoch }.ToProtobuf(),
        new DhtRecord(RecordKey.OfPublicKey(TestIdentity.Dialer.PeerId), TestIdentity.Dialer.PublicKey.Protobuf).ToProtobuf(),
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!DhtRecord.TryFromProtobuf(input, out var record, out var error))
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
            return;
        }

        Property.Holds(DhtRecord.FromProtobuf(record.ToProtobuf()).Equals(record), "another record on the second reading");
        var valid = new RecordValidators(RecordValidators.Standard).Validate(record, DateTimeOffset.UnixEpoch, out var why);
        Property.Holds(valid || !string.IsNullOrEmpty(why), "refused without a reason");
    }
}

/// <summary>Signed records of a namespace: refused with the one error, or what somebody signed.</summary>
internal sealed class SignedRecordTarget() : FuzzTarget("signed-record")
{
    private static readonly SignedRecord Genuine = SignedRecord.Create(
        TestIdentity.Dialer.Key, "acme", "value"u8, new() { SignedAt = DateTimeOffset.UnixEpoch, Sequence = 1, ValidUntil = DateTimeOffset.UnixEpoch.AddDays(1), TimeToLive = TimeSpan.FromHours(1) });

    public override int MaxLength => 1000;

    public override IEnumerable<byte[]> Seeds => [Genuine.Encoded.ToArray()];

    public override void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            var record = SignedRecord.Open("acme", input);
            Property.Same(record.Value.Span, Genuine.Value.Span, "a value that nobody signed");
        }
        catch (RecordException)
        {
        }
    }
}

/// <summary>Whatever a user hands to <c>libp2p inspect</c>: explained or refused, and explained to the last byte.</summary>
internal sealed class InspectTarget() : FuzzTarget("inspect")
{
    private readonly Inspector _inspector = new(new(null, TestIdentity.Dialer.PeerId), TimeProvider.System);

    public override IEnumerable<byte[]> Seeds =>
    [
        EnvelopeTarget.Record.ToProtobuf(), EnvelopeTarget.Record.Seal(TestIdentity.Dialer.Key).Encoded.ToArray(), IpnsRecordTarget.Genuine.Encoded.ToArray(),
        TestIdentity.Dialer.PublicKey.Protobuf.ToArray(), Encoding.ASCII.GetBytes("/ip4/1.2.3.4/tcp/5"), Encoding.ASCII.GetBytes(TestIdentity.Dialer.PeerId.ToString()),
        new DhtRecord(RecordKey.OfPublicKey(TestIdentity.Dialer.PeerId), TestIdentity.Dialer.PublicKey.Protobuf).ToProtobuf(),
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (_inspector.TryInspect(input.ToArray(), out var inspection)) Check(inspection);
        try
        {
            Check(_inspector.Inspect(Encoding.UTF8.GetString(input)));
        }
        catch (CommandException)
        {
        }
    }

    private static void Check(Inspection inspection)
    {
        if (!inspection.Bytes.IsEmpty) Property.Holds(inspection.Parts.Sum(static part => part.Bytes.Length) == inspection.Bytes.Length, $"{inspection.Kind}: parts are missing");
        using var output = new StringWriter();
        InspectionPrinter.Print(inspection, json: false, output);
        InspectionPrinter.Print(inspection, json: true, output);
    }
}
