using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Records;

public class NoiseMemoryTests
{
    [Fact]
    public async Task What_is_written_is_priced_until_it_is_flushed()
    {
        using var scope = new TestScope();
        await using var pair = SecuredPair.Create(scope: scope);
        var output = pair.Listener.Output;
        output.GetMemory(1);
        output.Advance(1);
        scope.Reserved.ShouldBe(64 * 1024);
        await output.FlushAsync().AsTask().Within();
        scope.Reserved.ShouldBe(0);
        output.GetMemory(10);
        output.Advance(10);
        output.Complete();
        scope.Reserved.ShouldBe(0);
        scope.Most.ShouldBe(64 * 1024);
    }

    [Fact]
    public async Task What_was_staged_is_given_back_with_the_connection()
    {
        using var scope = new TestScope();
        var pair = SecuredPair.Create(scope: scope);
        pair.Listener.Output.GetMemory(1);
        scope.Reserved.ShouldBe(64 * 1024);
        await pair.DisposeAsync();
        scope.Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Where_there_is_no_room_smaller_blocks_carry_the_same_bytes()
    {
        using var scope = new TestScope(limit: 0);
        await using var pair = SecuredPair.Create(scope: scope);
        var bytes = DuplexBytes.Pattern(200_000);
        for (var at = 0; at < bytes.Length;)
        {
            var memory = pair.Listener.Output.GetMemory(1);
            var length = Math.Min(memory.Length, bytes.Length - at);
            bytes.AsMemory(at, length).CopyTo(memory);
            pair.Listener.Output.Advance(length);
            at += length;
        }

        await pair.Listener.Output.CompleteAsync().AsTask().Within();
        (await pair.Dialer.Input.ReadToEndAsync().Within()).ShouldBeBytes(bytes, "plaintext");
    }
}
