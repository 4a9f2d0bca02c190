using Microsoft.Extensions.Logging;

namespace Libp2p.TestKit;

/// <summary>Puts what a node logs into the trace.</summary>
internal sealed class TraceLoggerProvider(SimulatedHost host) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new TraceLogger(host, categoryName);

    public void Dispose()
    {
    }

    private sealed class TraceLogger(SimulatedHost host, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!host.Simulation.Loop.IsHere()) return;
            var message = formatter(state, exception);
            host.Simulation.Trace.Add(new LogEvent(host.Name, logLevel, category, exception is null ? message : $"{message} ({exception.GetType().Name}: {exception.Message})"));
        }
    }
}
