using Libp2p.Multiformats;

namespace Libp2p.Tests.Records;

public class PeerRecordTests
{
    private static readonly Multiaddr Tcp = Multiaddr.Parse("/ip4/1.2.3.4/tcp/4001");
    private static readonly Multiaddr Quic = Multiaddr.Parse("/ip4/1.2.3.4/udp/4001/quic-v1");

    [Fact]
    public void The_vector_of_go_reads_and_is_written_again_byte_for_byte()
    {
        foreach (var vector in Vectors.Json("signed-envelope/vectors.json").GetProperty("peer_record").EnumerateArray())
        {
            var record = PeerRecord.FromProtobuf(vector.Hex("hex"));

            record.PeerId.ToString().ShouldBe(vector.Text("peer_id"));
            record.Sequence.ToString().ShouldBe(vector.Text("seq"));
            record.Addresses.Select(a => a.ToString()).ShouldBe(vector.GetProperty("addrs").EnumerateArray().Select(a => a.GetString()));
            record.ToProtobuf().ShouldBe(vector.Hex("hex"));
        }
    }

    [Fact]
    public void A_sealed_record_opens_to_its_equal_and_brings_its_envelope()
    {
        using var key = Seeds.Key(1);
        var record = new PeerRecord(key.PublicKey.PeerId, ulong.MaxValue, [Tcp, Quic]);

        var envelope = record.Seal(key);
        var opened = PeerRecord.Open(envelope.Encoded.Span, out var again);

        opened.ShouldBe(record);
        again.Signer.ShouldBe(key.PublicKey);
        again.Encoded.ToArray().ShouldBe(envelope.Encoded.ToArray());
        envelope.PayloadType.ToArray().ShouldBe([0x03, 0x01]);
    }

    [Fact]
    public void Row42_a_record_signed_by_another_key_is_refused()
    {
        using var signer = Seeds.Key(1);
        using var victim = Seeds.Key(2);
        var record = new PeerRecord(victim.PublicKey.PeerId, 1, [Tcp]);
        var forged = SignedEnvelope.Seal(signer, PeerRecord.Domain, PeerRecord.PayloadType, record.ToProtobuf()).Encoded.ToArray();

        Should.Throw<ArgumentException>(() => record.Seal(signer));
        Should.Throw<RecordException>(() => PeerRecord.Open(forged)).Message.ShouldContain(signer.PublicKey.PeerId.ToString());
    }

    [Fact]
    public void The_older_form_of_rust_is_read()
    {
        using var key = Seeds.Key(1);
        var record = new PeerRecord(key.PublicKey.PeerId, 7, [Tcp]);
        var older = SignedEnvelope.Seal(key, "libp2p-routing-state", "/libp2p/routing-state-record"u8, record.ToProtobuf());

        PeerRecord.Open(older.Encoded.Span).ShouldBe(record);
    }

    [Theory]
    [InlineData("libp2p-routing-state", false)]
    [InlineData("libp2p-peer-record", true)]
    public void Domain_and_payload_type_of_the_two_forms_do_not_mix(string domain, bool olderType)
    {
        using var key = Seeds.Key(1);
        var record = new PeerRecord(key.PublicKey.PeerId, 7, [Tcp]);
        var mixed = SignedEnvelope.Seal(key, domain, olderType ? "/libp2p/routing-state-record"u8 : PeerRecord.PayloadType, record.ToProtobuf()).Encoded.ToArray();

        Should.Throw<RecordException>(() => PeerRecord.Open(mixed));
    }

    [Fact]
    public void An_envelope_of_something_else_is_refused()
    {
        using var key = Seeds.Key(1);
        var other = SignedEnvelope.Seal(key, PeerRecord.Domain, "something"u8, "else"u8).Encoded.ToArray();

        Should.Throw<RecordException>(() => PeerRecord.Open(other));
    }

    [Fact]
    public void Own_peer_ids_are_cut_off_addresses_and_those_of_others_and_unknown_ones_left_out()
    {
        using var key = Seeds.Key(1);
        using var stranger = Seeds.Key(2);
        var own = Multiaddr.Parse($"{Tcp}/p2p/{key.PublicKey.PeerId}");
        var foreign = Multiaddr.Parse($"{Quic}/p2p/{stranger.PublicKey.PeerId}");
        var bytes = new PeerRecord(key.PublicKey.PeerId, 1, [own, foreign]).ToProtobuf();

        PeerRecord.FromProtobuf([.. bytes, 0x1A, 0x05, 0x0A, 0x03, 0xFF, 0xFF, 0x01]).Addresses.ShouldBe([Tcp]);
    }

    [Fact]
    public void Every_prefix_of_an_envelope_is_refused_and_of_a_bare_record_never_crashes()
    {
        using var key = Seeds.Key(1);
        var record = new PeerRecord(key.PublicKey.PeerId, 300, [Tcp, Quic]);
        var envelope = record.Seal(key).Encoded.ToArray();
        var bare = record.ToProtobuf();

        for (var length = 0; length < envelope.Length; length++)
        {
            var prefix = envelope[..length];
            Should.Throw<RecordException>(() => PeerRecord.Open(prefix));
        }

        for (var length = 0; length < bare.Length; length++)
        {
            try
            {
                PeerRecord.FromProtobuf(bare.AsSpan(0, length)).ShouldNotBe(record);
            }
            catch (RecordException)
            {
                // A cut inside a field; a cut between fields reads as a shorter record.
            }
        }
    }

    [Fact]
    public void Too_many_addresses_are_refused_both_ways()
    {
        using var key = Seeds.Key(1);
        var record = new PeerRecord(key.PublicKey.PeerId, 1, [.. Enumerable.Repeat(Tcp, PeerRecord.MaxAddresses)]);
        var bytes = record.ToProtobuf();

        PeerRecord.FromProtobuf(bytes).Addresses.Length.ShouldBe(PeerRecord.MaxAddresses);
        Should.Throw<RecordException>(() => PeerRecord.FromProtobuf([.. bytes, .. bytes[^12..]]));
        Should.Throw<ArgumentException>(() => (record with { Addresses = record.Addresses.Add(Tcp) }).ToProtobuf());
    }

    [Fact]
    public void A_record_without_addresses_is_one_with_none()
    {
        using var key = Seeds.Key(1);
        var record = new PeerRecord(key.PublicKey.PeerId, 0, default);

        record.Addresses.IsDefault.ShouldBeFalse();
        PeerRecord.Open(record.Seal(key).Encoded.Span).ShouldBe(record);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1001")]
    [InlineData("0a00")]
    [InlineData("0a021200")]
    public void A_record_without_a_valid_peer_id_is_refused(string hex) =>
        Should.Throw<RecordException>(() => PeerRecord.FromProtobuf(Convert.FromHexString(hex)));
}
