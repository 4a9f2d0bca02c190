using System.IO.MemoryMappedFiles;

namespace Libp2p.Fuzz.Loop;

/// <summary>The input that is being run, in a file that outlives a process which it ends.</summary>
internal sealed unsafe class CurrentInput : IDisposable
{
    private const int Size = 1 << 20;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;

    public CurrentInput(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Size);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    public void Set(ReadOnlySpan<byte> input)
    {
        *(int*)_bytes = input.Length;
        input.CopyTo(new Span<byte>(_bytes + sizeof(int), Size - sizeof(int)));
    }

    /// <summary>What a process left.</summary>
    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan(sizeof(int), BitConverter.ToInt32(bytes)).ToArray();
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
