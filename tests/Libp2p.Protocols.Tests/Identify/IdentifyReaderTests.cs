using System.Text;
using Libp2p.Multiformats;
using Libp2p.Protocols.Identify;
using Libp2p.TestKit;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Tests.Identify;

public sealed class IdentifyReaderTests
{
    private static readonly NodeIdentity _sender = TestIdentity.Get(1);
    private static readonly NodeIdentity _other = TestIdentity.Get(2);
    private static readonly Multiaddr _told = Multiaddr.Parse("/ip4/10.0.0.1/tcp/4001");
    private static readonly Multiaddr _signed = Multiaddr.Parse("/ip4/10.0.0.2/tcp/4002");

    [Fact]
    public void Row44_A_key_that_is_not_the_senders_is_refused_and_names_its_owner()
    {
        var message = new Message { PublicKey = _other.PublicKey.Protobuf };
        Should.Throw<ProtocolException>(() => Read(message)).Message.ShouldContain(_other.PeerId.ToString());
        Should.Throw<ProtocolException>(() => Read(new Message { PublicKey = new byte[] { 8, 1, 18, 3, 1, 2, 3 } }));
        Read(new Message { PublicKey = _sender.PublicKey.Protobuf }).PublicKey.ShouldBe(_sender.PublicKey);
        Read(new Message()).PublicKey.ShouldBe(_sender.PublicKey);
    }

    [Fact]
    public void The_signed_record_wins_over_what_is_told_beside_it()
    {
        var info = Read(Told(_sender, 7), out var bad);
        bad.ShouldBeNull();
        info.ListenAddresses.ShouldBe([_signed]);
        info.SignedRecord!.Sequence.ShouldBe(7UL);
    }

    [Fact]
    public void Row42_A_record_of_another_peer_is_refused()
    {
        var info = Read(Told(_other, 7), out var bad);
        bad.ShouldNotBeNull().ShouldContain(_other.PeerId.ToString());
        info.SignedRecord.ShouldBeNull();
        info.ListenAddresses.ShouldBe([_told]);
    }

    [Fact]
    public void Row42_A_record_about_the_sender_that_another_signed_is_refused()
    {
        var record = new PeerRecord(_sender.PeerId, 7, [_signed]);
        var envelope = SignedEnvelope.Seal(_other.Key, PeerRecord.Domain, PeerRecord.PayloadType, record.ToProtobuf());
        var info = Read(new Message { SignedPeerRecord = envelope.Encoded }, out var bad);
        bad.ShouldNotBeNull();
        info.SignedRecord.ShouldBeNull();
        info.ListenAddresses.ShouldBeEmpty();
    }

    [Fact]
    public void Row42_A_record_with_any_bit_flipped_is_refused_or_no_other()
    {
        var envelope = new PeerRecord(_sender.PeerId, 7, [_signed]).Seal(_sender.Key).Encoded.ToArray();
        for (var bit = 0; bit < envelope.Length * 8; bit++)
        {
            var flipped = envelope.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var info = Read(new Message { SignedPeerRecord = flipped }, out _);
            if (info.SignedRecord is { } record)
            {
                record.ShouldBe(new PeerRecord(_sender.PeerId, 7, [_signed]));
            }
        }
    }

    [Fact]
    public void The_older_form_of_rust_is_read()
    {
        var record = new PeerRecord(_sender.PeerId, 9, [_signed]);
        var envelope = SignedEnvelope.Seal(_sender.Key, "libp2p-routing-state", "/libp2p/routing-state-record"u8, record.ToProtobuf());
        Read(new Message { SignedPeerRecord = envelope.Encoded }).SignedRecord.ShouldBe(record);
    }

    [Fact]
    public void Addresses_of_others_and_unknown_kinds_are_left_out_and_the_senders_own_name_is_cut_off()
    {
        var message = new Message();
        message.ListenAddrs.Add(_told.Append(MultiaddrProtocol.P2p, _sender.PeerId.Bytes).Bytes);
        message.ListenAddrs.Add(_told.Bytes);
        message.ListenAddrs.Add(_signed.Append(MultiaddrProtocol.P2p, _other.PeerId.Bytes).Bytes);
        message.ListenAddrs.Add(new byte[] { 0xff, 0xff, 0x7f, 1 });
        message.ListenAddrs.Add(Array.Empty<byte>());
        Read(message).ListenAddresses.ShouldBe([_told]);
    }

    [Fact]
    public void Protocols_that_are_none_are_left_out_and_duplicates_too()
    {
        var message = new Message { Protocols = { "/a/1", "no-slash", "", "/a/1", "/with\nnewline", "/b/1" } };
        Read(message).Protocols.Select(static protocol => protocol.Value).ShouldBe(["/a/1", "/b/1"]);
    }

    [Fact]
    public void Control_characters_do_not_reach_logs_and_terminals()
    {
        Read(new Message { AgentVersion = "evil\u001b[2J/1\n" }).AgentVersion.ShouldBe("evil\uFFFD[2J/1\uFFFD");
        Read(new Message { AgentVersion = "tame/1 ü" }).AgentVersion.ShouldBe("tame/1 ü");
        Read(new Message()).AgentVersion.ShouldBeNull();
    }

    [Fact]
    public void A_push_keeps_what_it_leaves_out()
    {
        var known = Read(new Message { AgentVersion = "a/1", ProtocolVersion = "p/1", Protocols = { "/x" }, ListenAddrs = { _told.Bytes }, ObservedAddr = _signed.Bytes });
        var pushed = IdentifyReader.Read(new Message { Protocols = { "/y" } }, _sender.PeerId, _sender.PublicKey, known, out _);
        pushed.AgentVersion.ShouldBe("a/1");
        pushed.ProtocolVersion.ShouldBe("p/1");
        pushed.ListenAddresses.ShouldBe([_told]);
        pushed.ObservedAddress.ShouldBe(_signed);
        pushed.Protocols.Select(static protocol => protocol.Value).ShouldBe(["/y"]);
    }

    [Theory]
    [InlineData("/ip4/8.8.8.8/tcp/1", "/ip4/9.9.9.9/tcp/1")]
    [InlineData("/ip4/192.168.1.1/tcp/1", "/ip4/192.168.1.7/tcp/1 /ip4/9.9.9.9/tcp/1 /ip4/169.254.1.1/tcp/1")]
    [InlineData("/ip4/127.0.0.1/tcp/1", "/ip4/127.0.0.1/tcp/1 /ip4/192.168.1.7/tcp/1 /ip4/9.9.9.9/tcp/1 /ip4/169.254.1.1/tcp/1")]
    public void Only_addresses_of_use_from_where_the_peer_is_are_kept(string remote, string kept)
    {
        Multiaddr[] told =
        [
            Multiaddr.Parse("/ip4/127.0.0.1/tcp/1"), Multiaddr.Parse("/ip4/192.168.1.7/tcp/1"), Multiaddr.Parse("/ip4/9.9.9.9/tcp/1"),
            Multiaddr.Parse("/ip4/169.254.1.1/tcp/1"), Multiaddr.Parse("/ip4/0.0.0.0/tcp/1"),
        ];
        string.Join(' ', IdentifyReader.Reachable(told, Multiaddr.Parse(remote))).ShouldBe(kept);
    }

    [Fact]
    public void Random_bytes_in_every_field_are_read_or_refused()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var message = new Message
            {
                AgentVersion = Encoding.Latin1.GetString(Bytes()),
                PublicKey = random.Next(2) == 0 ? null : Bytes(),
                ObservedAddr = Bytes(),
                SignedPeerRecord = Bytes(),
                ListenAddrs = { Bytes(), Bytes() },
                Protocols = { "/" + Encoding.Latin1.GetString(Bytes()) },
            };
            try
            {
                Read(message).PeerId.ShouldBe(_sender.PeerId);
            }
            catch (ProtocolException)
            {
                message.PublicKey.ShouldNotBeNull();
            }

            byte[] Bytes()
            {
                var bytes = new byte[random.Next(60)];
                random.NextBytes(bytes);
                return bytes;
            }
        }
    }

    private static Message Told(NodeIdentity signer, ulong sequence) => new()
    {
        ListenAddrs = { _told.Bytes },
        SignedPeerRecord = new PeerRecord(signer.PeerId, sequence, [_signed]).Seal(signer.Key).Encoded,
    };

    private static IdentifyInfo Read(Message message) => Read(message, out _);

    private static IdentifyInfo Read(Message message, out string? badRecord) => IdentifyReader.Read(message, _sender.PeerId, _sender.PublicKey, null, out badRecord);
}
