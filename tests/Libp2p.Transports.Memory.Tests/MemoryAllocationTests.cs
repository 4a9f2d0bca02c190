using System.IO.Pipelines;

namespace Libp2p.Transports.Memory.Tests;

public sealed class MemoryAllocationTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(60_000)]
    public void Nothing_is_allocated_a_message_in_steady_state(int length)
    {
        var (dialer, listener) = MemoryConnection.Pair(
            new ConnectionEndpoints(MemoryAddress.FromNumber(1), MemoryAddress.FromNumber(2)), PipeScheduler.Inline, PipeScheduler.Inline, new MemoryOptions { Capacity = 1 });
        var message = new byte[length];
        var total = 0L;
        _ = ReadAsync(listener.Input);
        Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                // The reader waits for it, and goes on within the flush.
                var flush = dialer.Output.WriteAsync(message);
                if (!flush.IsCompletedSuccessfully) throw new InvalidOperationException("The reader did not go on within the flush.");
                flush.GetAwaiter().GetResult();
            }
        }).ShouldBeLessThan(200, "less than a byte a message");
        total.ShouldBeGreaterThan(0);

        async Task ReadAsync(PipeReader input)
        {
            while (true)
            {
                var read = await input.ReadAsync();
                total += read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
            }
        }
    }
}
