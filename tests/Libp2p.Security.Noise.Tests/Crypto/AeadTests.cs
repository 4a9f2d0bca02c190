using System.Buffers.Binary;
using Libp2p.Crypto;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Crypto;

public sealed class AeadTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0x80, 32).Select(static i => (byte)i)];

    public static TheoryData<string> Aeads => Providers.Aeads;

    [Fact]
    public void All_three_implementations_are_tried_here_and_named()
    {
        // A machine without OpenSSL 3 runs these tests with the other two; the one that builds this has it.
        CryptoProviders.AllAeads.Select(static provider => provider.Name).ShouldBe(["openssl", "runtime", "bouncycastle"]);
        CryptoProviders.Aead.Name.ShouldBe(CryptoProviders.AllAeads.First(static provider => provider.IsSupported).Name);
        CryptoProviders.Describe().ShouldContain($"ChaCha20-Poly1305: {CryptoProviders.Aead.Name}");
        CryptoProviders.Describe().ShouldContain($"X25519: {CryptoProviders.X25519.Name}");
    }

    // RFC 8439, section 2.8.2.
    [Theory]
    [MemberData(nameof(Aeads))]
    public void The_vector_of_RFC_8439_is_met(string name)
    {
        var plaintext = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8.ToArray();
        var nonce = Convert.FromHexString("070000004041424344454647");
        var associated = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        var expected = Convert.FromHexString(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
            "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");
        using var seal = Providers.Aead(name).Create(Key, AeadDirection.Seal);
        using var open = Providers.Aead(name).Create(Key, AeadDirection.Open);
        var ciphertext = new byte[plaintext.Length + AeadCipher.TagSize];
        seal.Seal(nonce, associated, plaintext, ciphertext);
        ciphertext.ShouldBe(expected);
        var opened = new byte[plaintext.Length];
        open.TryOpen(nonce, associated, ciphertext, opened).ShouldBeTrue();
        opened.ShouldBe(plaintext);
        open.TryOpen(nonce, [], ciphertext, opened).ShouldBeFalse();
        opened.ShouldAllBe(static value => value == 0);
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void Every_size_and_every_cut_gives_the_same_ciphertext_as_the_others_and_comes_back(string name)
    {
        using var reference = Providers.Aead("bouncycastle").Create(Key, AeadDirection.Seal);
        using var seal = Providers.Aead(name).Create(Key, AeadDirection.Seal);
        using var open = Providers.Aead(name).Create(Key, AeadDirection.Open);
        var random = new SeededRandomSource(7);
        foreach (var size in new[] { 0, 1, 15, 16, 17, 63, 64, 65, 255, 1024, 2047, 2048, 2049, 4096, 12_287, 12_288, 12_289, 24_577, 65_519 })
        {
            var plaintext = DuplexBytes.Pattern(size);
            var nonce = Nonce((ulong)size);
            var expected = new byte[size + AeadCipher.TagSize];
            reference.Seal(nonce, [], plaintext, expected);

            var whole = new byte[expected.Length];
            seal.Seal(nonce, [], plaintext, whole);
            whole.ShouldBe(expected);
            for (var round = 0; round < 4; round++)
            {
                var gathered = new byte[expected.Length];
                using var another = Providers.Aead(name).Create(Key, AeadDirection.Seal);
                another.Seal(nonce, [.. Cut(plaintext, random).Select(static piece => (ReadOnlyMemory<byte>)piece)], gathered);
                gathered.ShouldBe(expected);

                var inPlace = (byte[])expected.Clone();
                open.TryOpenInPlace(nonce, [.. Cut(inPlace.AsMemory(0, size), random)], expected.AsSpan(size)).ShouldBeTrue();
                inPlace.AsSpan(0, size).SequenceEqual(plaintext).ShouldBeTrue();
            }

            var same = (byte[])expected.Clone();
            open.TryOpen(nonce, [], same, same.AsSpan(0, size)).ShouldBeTrue();
            same.AsSpan(0, size).SequenceEqual(plaintext).ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void Row10_No_flipped_bit_is_accepted(string name)
    {
        using var seal = Providers.Aead(name).Create(Key, AeadDirection.Seal);
        using var open = Providers.Aead(name).Create(Key, AeadDirection.Open);
        var nonce = Nonce(1);
        var good = new byte[40 + AeadCipher.TagSize];
        seal.Seal(nonce, [], DuplexBytes.Pattern(40), good);
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            open.TryOpen(nonce, [], bad, new byte[40]).ShouldBeFalse();
            open.TryOpenInPlace(nonce, [bad.AsMemory(0, 11), bad.AsMemory(11, 29)], bad.AsSpan(40)).ShouldBeFalse();
        }

        // A refusal leaves no trace in the cipher.
        open.TryOpen(nonce, [], good, new byte[40]).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void It_works_one_way_only_and_only_until_disposed(string name)
    {
        var seal = Providers.Aead(name).Create(Key, AeadDirection.Seal);
        using var open = Providers.Aead(name).Create(Key, AeadDirection.Open);
        Should.Throw<InvalidOperationException>(() => seal.TryOpen(Nonce(0), [], new byte[16], []));
        Should.Throw<InvalidOperationException>(() => open.Seal(Nonce(0), [], [], new byte[16]));
        Should.Throw<ArgumentOutOfRangeException>(() => seal.Seal(Nonce(0), [], new byte[8], new byte[23]));
        Should.Throw<ArgumentOutOfRangeException>(() => open.TryOpen(Nonce(0), [], new byte[15], []));
        Should.Throw<ArgumentOutOfRangeException>(() => Providers.Aead(name).Create(new byte[31], AeadDirection.Seal));
        seal.Dispose();
        seal.Dispose();
        Should.Throw<ObjectDisposedException>(() => seal.Seal(Nonce(0), [], [], new byte[16]));
    }

    [Theory]
    [MemberData(nameof(Aeads))]
    public void Disposing_under_a_running_operation_is_safe(string name)
    {
        // Freed memory inside a native call would take the whole process down with it.
        for (var round = 0; round < 20; round++)
        {
            var cipher = Providers.Aead(name).Create(Key, AeadDirection.Seal);
            using var running = new ManualResetEventSlim();
            Exception? seen = null;
            var thread = new Thread(() =>
            {
                var plaintext = new byte[65_519];
                var ciphertext = new byte[65_535];
                try
                {
                    for (var counter = 0UL; ; counter++)
                    {
                        cipher.Seal(Nonce(counter), [], plaintext, ciphertext);
                        running.Set();
                    }
                }
                catch (Exception e)
                {
                    seen = e;
                    running.Set();
                }
            });
            thread.Start();
            running.Wait();
            cipher.Dispose();
            thread.Join(Watchdog.Patience).ShouldBeTrue();
            seen.ShouldBeOfType<ObjectDisposedException>();
        }
    }

    [Theory]
    [InlineData("openssl")]
    [InlineData("runtime")]
    public void A_record_costs_no_allocation(string name)
    {
        var provider = Providers.Aead(name);
        Assert.SkipUnless(provider.IsSupported, $"{name} is not here.");
        using var seal = provider.Create(Key, AeadDirection.Seal);
        using var open = provider.Create(Key, AeadDirection.Open);
        var buffer = new byte[4096 + AeadCipher.TagSize];
        ReadOnlyMemory<byte>[] pieces = [new byte[12], new byte[4084]];
        Memory<byte>[] parts = [buffer.AsMemory(0, 1000), buffer.AsMemory(1000, 3096)];
        var nonce = Nonce(3);
        void Once()
        {
            seal.Seal(nonce, pieces, buffer);
            open.TryOpenInPlace(nonce, parts, buffer.AsSpan(4096)).ShouldBeTrue();
        }

        for (var i = 0; i < 200; i++)
        {
            Once();
        }

        Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                Once();
            }
        }).ShouldBe(0);
    }

    private static byte[] Nonce(ulong counter)
    {
        var nonce = new byte[AeadCipher.NonceSize];
        BinaryPrimitives.WriteUInt64LittleEndian(nonce.AsSpan(4), counter);
        return nonce;
    }

    private static List<Memory<byte>> Cut(Memory<byte> bytes, SeededRandomSource random)
    {
        var pieces = new List<Memory<byte>>();
        do
        {
            var take = random.Next(bytes.Length + 1);
            pieces.Add(bytes[..take]);
            bytes = bytes[take..];
        }
        while (!bytes.IsEmpty);
        return pieces;
    }
}
