using Libp2p.Crypto;
using Libp2p.Security.Noise.Tests.Crypto;

namespace Libp2p.Security.Noise.Tests.Handshake;

public sealed class NoiseHandshakeTests
{
    private static readonly Vectors V = Vectors.Xx;

    public static TheoryData<string, string> Suites()
    {
        var data = new TheoryData<string, string>();
        foreach (var curve in CryptoProviders.AllX25519.Where(static provider => provider.IsSupported))
        {
            foreach (var aead in CryptoProviders.AllAeads.Where(static provider => provider.IsSupported))
            {
                data.Add(curve.Name, aead.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_cacophony_vector_is_met_by_both_roles(string curve, string aead)
    {
        using var initiator = Initiator(curve, aead);
        using var responder = Responder(curve, aead);
        var sender = initiator;
        var receiver = responder;
        foreach (var (payload, ciphertext) in V.Messages.Take(3))
        {
            sender.IsMyTurn.ShouldBeTrue();
            receiver.IsMyTurn.ShouldBeFalse();
            var message = new byte[payload.Length + sender.Overhead];
            sender.WriteMessage(payload, message);
            message.ShouldBe(ciphertext);
            var read = new byte[message.Length];
            receiver.ReadMessage(message, read).ShouldBe(payload.Length);
            read.AsSpan(0, payload.Length).SequenceEqual(payload).ShouldBeTrue();
            (sender, receiver) = (receiver, sender);
        }

        initiator.IsComplete.ShouldBeTrue();
        responder.IsComplete.ShouldBeTrue();
        initiator.Hash.SequenceEqual(V.Hash).ShouldBeTrue();
        responder.Hash.SequenceEqual(V.Hash).ShouldBeTrue();
        using var responderKey = Providers.Curve(curve).Import(V.RespStatic);
        initiator.RemoteStatic.SequenceEqual(responderKey.PublicKey).ShouldBeTrue();

        using var one = initiator.Split();
        using var two = responder.Split();
        var (from, to) = (two, one);
        foreach (var (payload, ciphertext) in V.Messages.Skip(3))
        {
            var message = new byte[payload.Length + AeadCipher.TagSize];
            from.Sending.Seal([], payload, message);
            message.ShouldBe(ciphertext);
            var read = new byte[payload.Length];
            to.Receiving.TryOpen([], message, read).ShouldBeTrue();
            read.ShouldBe(payload);
            (from, to) = (to, from);
        }
    }

    [Fact]
    public void Every_prefix_of_every_message_is_refused()
    {
        for (var index = 0; index < 3; index++)
        {
            var message = V.Messages[index].Ciphertext;
            for (var length = 0; length < message.Length; length++)
            {
                using var reader = ReaderOf(index);
                if (index == 0 && length >= 32)
                {
                    // The first message's payload is not authenticated: a shorter payload is a message of its own, and fails the next one.
                    reader.ReadMessage(message.AsSpan(0, length), new byte[message.Length]).ShouldBe(length - 32);
                    continue;
                }

                Should.Throw<SecureChannelException>(() => reader.ReadMessage(message.AsSpan(0, length), new byte[message.Length]));
                Should.Throw<InvalidOperationException>(() => reader.ReadMessage(message, new byte[message.Length]));
                Should.Throw<InvalidOperationException>(() => reader.Split());
            }
        }
    }

    [Fact]
    public void Row10_Every_flipped_bit_of_an_authenticated_message_is_refused()
    {
        for (var index = 1; index < 3; index++)
        {
            var message = V.Messages[index].Ciphertext;
            for (var bit = 0; bit < message.Length * 8; bit++)
            {
                var bad = (byte[])message.Clone();
                bad[bit / 8] ^= (byte)(1 << (bit % 8));
                using var reader = ReaderOf(index);
                Should.Throw<SecureChannelException>(() => reader.ReadMessage(bad, new byte[message.Length]));
            }
        }
    }

    [Fact]
    public void A_first_message_altered_in_any_bit_fails_the_second()
    {
        var first = V.Messages[0].Ciphertext;
        for (var bit = 0; bit < first.Length * 8; bit++)
        {
            var bad = (byte[])first.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            using var initiator = Initiator();
            using var responder = Responder();
            initiator.WriteMessage(V.Messages[0].Payload, new byte[first.Length]);
            responder.ReadMessage(bad, new byte[first.Length]);
            var second = new byte[responder.Overhead];
            responder.WriteMessage([], second);
            Should.Throw<SecureChannelException>(() => initiator.ReadMessage(second, new byte[second.Length]));
        }
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("x", "")]
    [InlineData("x", "y")]
    public void Different_prologues_do_not_agree(string mine, string theirs)
    {
        using var initiator = Create(true, System.Text.Encoding.UTF8.GetBytes(mine), V.InitStatic, V.InitEphemeral);
        using var responder = Create(false, System.Text.Encoding.UTF8.GetBytes(theirs), V.RespStatic, V.RespEphemeral);
        var first = new byte[initiator.Overhead];
        initiator.WriteMessage([], first);
        responder.ReadMessage(first, new byte[first.Length]);
        var second = new byte[responder.Overhead];
        responder.WriteMessage([], second);
        Should.Throw<SecureChannelException>(() => initiator.ReadMessage(second, new byte[second.Length]));
    }

    [Fact]
    public void An_ephemeral_key_of_small_order_is_refused()
    {
        using var responder = Responder();
        responder.ReadMessage(new byte[32], new byte[32]);
        Should.Throw<SecureChannelException>(() => responder.WriteMessage([], new byte[responder.Overhead])).Message.ShouldContain("all zero");
    }

    [Fact]
    public void The_longest_message_passes_and_a_longer_one_does_not()
    {
        using var initiator = Initiator();
        using var responder = Responder();
        var longest = new byte[NoiseHandshake.MaxMessageSize];
        initiator.WriteMessage(new byte[longest.Length - initiator.Overhead], longest);
        responder.ReadMessage(longest, new byte[longest.Length]).ShouldBe(longest.Length - 32);
        var room = NoiseHandshake.MaxMessageSize - responder.Overhead;
        Should.Throw<ArgumentOutOfRangeException>(() => responder.WriteMessage(new byte[room + 1], new byte[longest.Length + 1]));
        responder.WriteMessage(new byte[room], longest);
        initiator.ReadMessage(longest, new byte[longest.Length]).ShouldBe(room);
    }

    [Fact]
    public void Nothing_is_done_out_of_turn()
    {
        using var initiator = Initiator();
        using var responder = Responder();
        Should.Throw<InvalidOperationException>(() => responder.WriteMessage([], new byte[96]));
        Should.Throw<InvalidOperationException>(() => initiator.ReadMessage(new byte[96], new byte[96]));
        Should.Throw<InvalidOperationException>(() => initiator.Split());
        initiator.WriteMessage([], new byte[32]);
        Should.Throw<InvalidOperationException>(() => initiator.WriteMessage([], new byte[32]));
    }

    private static NoiseHandshake ReaderOf(int index)
    {
        var reader = index == 1 ? Initiator() : Responder();
        if (index == 1)
        {
            reader.WriteMessage(V.Messages[0].Payload, new byte[V.Messages[0].Ciphertext.Length]);
        }
        else if (index == 2)
        {
            reader.ReadMessage(V.Messages[0].Ciphertext, new byte[V.Messages[0].Ciphertext.Length]);
            reader.WriteMessage(V.Messages[1].Payload, new byte[V.Messages[1].Ciphertext.Length]);
        }

        return reader;
    }

    private static NoiseHandshake Initiator(string? curve = null, string? aead = null) => Create(true, V.InitPrologue, V.InitStatic, V.InitEphemeral, curve, aead);

    private static NoiseHandshake Responder(string? curve = null, string? aead = null) => Create(false, V.RespPrologue, V.RespStatic, V.RespEphemeral, curve, aead);

    private static NoiseHandshake Create(bool initiator, byte[] prologue, byte[] staticKey, byte[] ephemeral, string? curve = null, string? aead = null)
    {
        var provider = curve is null ? CryptoProviders.X25519 : Providers.Curve(curve);
        return new NoiseHandshake(initiator, prologue, provider.Import(staticKey), provider.Import(ephemeral), aead is null ? null : Providers.Aead(aead));
    }
}
